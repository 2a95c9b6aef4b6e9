from django.urls import path

from competitions import views

app_name = "competitions"

urlpatterns = [
    path("years/", views.years, name="years"),
    path("years/<slug:code>/", views.year, name="year"),
    path("years/<slug:code>/manage/", views.manage, name="manage"),
    path("years/<slug:code>/manage/invited/<slug:key>/", views.invited, name="invited"),
]
