"""Template filters of the admin: what stands in a fieldset."""

from django import template

from conductatlas import fieldsets

register = template.Library()
register.filter("lines_of", fieldsets.lines_of)
register.filter("inside", fieldsets.inside)
