from django.urls import path

from helpdesk.views import editing, public

app_name = "helpdesk"

urlpatterns = [
    path("help/", public.help_page, name="help"),
    path("help/questions/", editing.questions, name="questions"),
    path("help/questions/new/", editing.new_question, name="new_question"),
    path("help/questions/<str:code>/", editing.question, name="question"),
]
