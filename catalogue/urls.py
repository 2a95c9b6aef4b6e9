from django.urls import path

from catalogue import views

app_name = "catalogue"

urlpatterns = [
    path("catalogue/", views.innovations, name="list"),
    path("catalogue/<slug:code>/", views.innovation, name="innovation"),
]
