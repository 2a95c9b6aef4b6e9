"""Configures people and agencies. Roles are given and ended by actions, never here."""

from django.contrib import admin

from accounts.models import Agency, User


@admin.register(User)
class UserAdmin(admin.ModelAdmin):
    """A person who is made inactive is signed out at their next request."""

    list_display = ["name", "email", "is_secretariat", "is_staff", "is_active"]
    list_filter = ["is_secretariat", "is_staff", "is_active"]
    search_fields = ["name", "email"]
    fields = ["email", "name", "position", "phone", "time_zone", "language", "is_secretariat", "is_staff", "is_active"]
    readonly_fields = ["email"]

    def has_add_permission(self, request: object) -> bool:
        return False

    def has_delete_permission(self, request: object, obj: User | None = None) -> bool:
        return False


@admin.register(Agency)
class AgencyAdmin(admin.ModelAdmin):
    list_display = ["code", "name", "type", "province", "participates"]
    list_filter = ["type", "participates", "province"]
    search_fields = ["code", "name"]
    autocomplete_fields = ["parent"]

    def has_delete_permission(self, request: object, obj: Agency | None = None) -> bool:
        return False
