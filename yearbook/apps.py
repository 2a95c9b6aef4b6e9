from django.apps import AppConfig


class YearbookConfig(AppConfig):
    name = "yearbook"
