"""`python -m conductatlas.postgres supervise FOLDER PURPOSE`: what lease.py starts."""

import sys

from conductatlas.postgres.places import places_of
from conductatlas.postgres.supervisor import supervise

if __name__ == "__main__":
    if len(sys.argv) != 4 or sys.argv[1] != "supervise":
        sys.exit("usage: python -m conductatlas.postgres supervise FOLDER PURPOSE")
    sys.exit(supervise(places_of(sys.argv[2], purpose=sys.argv[3])))
