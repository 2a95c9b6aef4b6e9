from django.urls import path

from accounts.views import agency, deciding, person, registering

app_name = "accounts"

urlpatterns = [
    path("register/", registering.register, name="register"),
    path("register/sent/", registering.registered, name="registered"),
    path("agencies/search/", registering.agency_search, name="agency_search"),
    path("registrations/", deciding.registrations, name="registrations"),
    path("registrations/<str:code>/", deciding.registration, name="registration"),
    path("registrations/<str:code>/letter/", deciding.letter, name="registration_letter"),
    path("registrations/<str:code>/approve/", deciding.approve, name="approve_registration"),
    path("registrations/<str:code>/refuse/", deciding.refuse, name="refuse_registration"),
    path("agency/", agency.agency, name="agency"),
    path("agency/<str:code>/invite/", agency.invite, name="invite"),
    path("agency/<str:code>/units/", agency.units, name="units"),
    path("agency/<str:code>/admin/", agency.admin_role, name="admin_role"),
    path("units/<str:code>/", agency.unit, name="unit"),
    path("units/<str:code>/close/", agency.close_unit, name="close_unit"),
    path("units/<str:code>/reopen/", agency.reopen_unit, name="reopen_unit"),
    path("members/<str:code>/end/", agency.end_membership, name="end_membership"),
    path("invitations/<str:code>/resend/", agency.resend_invitation, name="resend_invitation"),
    path("invitations/<str:code>/revoke/", agency.revoke_invitation, name="revoke_invitation"),
    path("invitations/<str:token>/", person.invitation, name="invitation"),
    path("profile/", person.profile, name="profile"),
]
