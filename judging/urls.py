from django.urls import path

from judging.views import (
    assigning,
    calibration,
    desk,
    interviews,
    jurors,
    offline,
    plenary,
    rounds,
    scoring,
    teams,
    ties,
    timetables,
)
