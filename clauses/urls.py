"""Addresses of clause types, agencies, laws and research notes. The clause page itself stands below its document, in
`platforms.urls`' tree.
"""

from django.urls import path

from clauses import views

urlpatterns = [
    path("platform/<slug:platform>/<slug:document>/<slug:clause>/", views.clause, name="clause"),
    path("clauses/", views.clauses, name="clauses"),
    path("clauses.csv", views.clauses_csv, name="clauses_csv"),
    path("clause-types/", views.clause_types, name="clause_types"),
    path("clauses/<slug:slug>/", views.clause_type, name="clause_type"),
    path("compare/", views.comparisons, name="comparisons"),
    path("compare/<slug:slug>.csv", views.compare_csv, name="compare_csv"),
    path("compare/<slug:slug>/", views.compare, name="compare"),
    path("agencies/", views.agencies, name="agencies"),
    path("agencies/<slug:slug>/", views.agency, name="agency"),
    path("regulations/", views.regulations, name="regulations"),
    path("regulations/<slug:slug>/", views.regulation, name="regulation"),
    path("record/<slug:record>/complaint/<slug:agency>/", views.complaint, name="complaint"),
    path("record/<slug:record>/letter/<slug:action>/", views.letter, name="letter"),
    path("corrections/", views.corrections, name="corrections"),
    path("corrections/<slug:record>/v<int:version>/", views.correction, name="correction"),
    path("research/", views.research, name="research"),
    path("research/<slug:slug>/", views.research_note, name="research_note"),
]
