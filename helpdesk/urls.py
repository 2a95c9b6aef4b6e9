from django.urls import path

from helpdesk.views import editing, handling, public

app_name = "helpdesk"

urlpatterns = [
    path("help/", public.help_page, name="help"),
    path("help/templates/", public.model_letters_page, name="model_letters"),
    path("help/templates/<str:key>.docx", public.model_letter, name="model_letter"),
    path("help/questions/", editing.questions, name="questions"),
    path("help/questions/new/", editing.new_question, name="new_question"),
    path("help/questions/<str:code>/", editing.question, name="question"),
    path("help/canned/", editing.canned_answers, name="canned_answers"),
    path("help/canned/new/", editing.new_canned, name="new_canned"),
    path("help/canned/<str:code>/", editing.canned, name="canned"),
    path("help/new/", public.new, name="new"),
    path("help/write/<str:token>/", public.write, name="write"),
    path("help/mine/", public.mine, name="mine"),
    path("help/track/<str:token>/", public.track, name="track"),
    path("help/track/<str:token>/files/<str:code>/", public.track_file, name="track_file"),
    path("help/tickets/", handling.queue, name="queue"),
    path("help/tickets/next/", handling.next_ticket, name="next"),
    path("help/tickets/<str:code>/", handling.ticket, name="ticket"),
    path("help/tickets/<str:code>/files/<str:file>/", handling.file, name="file"),
]
