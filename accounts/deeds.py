"""A page on which several things can be done to one object: each deed has a form and a button that names it."""

from collections.abc import Callable
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise

from accounts.requests import refusals_on, shown_anew


@dataclass(frozen=True)
class Deed:
    """`act(object, **fields of the form, by=)`, and what is said when it is done. One that `asks` stands on a page of
    its own (`?deed=` and its key): what it does is said there, before its button, the `label`, is pressed."""

    form: type[forms.Form]
    act: Callable[..., object]
    done: str | Promise
    label: str | Promise = ""
    asks: str | Promise = ""

    def do(self, request: HttpRequest, form: forms.Form, on: object) -> bool:
        """Whether the reader did it; otherwise the form says why not."""
        if form.is_valid():
            with refusals_on(form):
                self.act(on, **form.cleaned_data, by=request.user)
                messages.success(request, str(self.done))
                return True
        return False

    def page(self, request: HttpRequest, key: str, form: forms.Form, on: object) -> HttpResponse:
        """Where it is asked for; `on` has a state and an address."""
        context = {"deed": self, "key": key, "form": form, "on": on}
        return render(request, "accounts/deed.html", context, status=422 if form.is_bound else 200)


def read_anew(form: forms.Form, expected: object) -> None:
    """The refused form is shown beside what holds now: sent again, it is meant for that."""
    if "expected" in form.fields:
        shown_anew(form, expected=expected)
