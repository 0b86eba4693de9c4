"""What platforms announces. Receivers run in the transaction of the action that sends."""

from django.dispatch import Signal

# A snapshot counts from now on, or no longer: snapshot=Snapshot, counts=bool, by=User.
snapshot_judged = Signal()
