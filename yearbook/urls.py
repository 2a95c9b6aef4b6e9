from django.urls import path

from yearbook import views

app_name = "yearbook"

urlpatterns = [
    path("statistics/", views.statistics, name="statistics"),
    path("statistics/<slug:key>.csv", views.csv, name="csv"),
]
