"""A page on which several things can be done to one object: each deed has a form and a button that names it."""

from collections.abc import Callable
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.http import HttpRequest
from django.utils.functional import Promise

from accounts.requests import refusals_on


@dataclass(frozen=True)
class Deed:
    """`act(object, **fields of the form, by=)`, and what is said when it is done."""

    form: type[forms.Form]
    act: Callable[..., object]
    done: str | Promise

    def do(self, request: HttpRequest, form: forms.Form, on: object) -> bool:
        """Whether the reader did it; otherwise the form says why not."""
        if form.is_valid():
            with refusals_on(form):
                self.act(on, **form.cleaned_data, by=request.user)
                messages.success(request, str(self.done))
                return True
        return False
