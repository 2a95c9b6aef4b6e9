from django.urls import path

from desk.views import broadcasts, letters, tables, today

app_name = "desk"

urlpatterns = [
    path("desk/", today.today, name="today"),
    path("desk/letters/", letters.letters, name="letters"),
    path("desk/broadcasts/", broadcasts.broadcasts, name="broadcasts"),
    path("desk/broadcasts/new/", broadcasts.new, name="new_broadcast"),
    path("desk/broadcasts/<str:code>/", broadcasts.broadcast, name="broadcast"),
    path("desk/broadcasts/<str:code>/edit/", broadcasts.edit, name="edit_broadcast"),
    path("desk/tables/", tables.tables, name="tables"),
    path("desk/tables/<str:code>/", tables.table_file, name="table_file"),
]
