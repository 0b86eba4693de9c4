"""The WSGI entry point: granian serves `conductatlas.wsgi:application`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "conductatlas.settings")
# Pages answer in milliseconds; commands and importers, which do not come through here, may take their time.
os.environ.setdefault("STATEMENT_TIMEOUT_MS", "15000")
application = get_wsgi_application()
