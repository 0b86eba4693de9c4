"""The WSGI entry point: granian serves `conductatlas.wsgi:application`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "conductatlas.settings")
application = get_wsgi_application()
