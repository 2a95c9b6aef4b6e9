"""A number with decimals as Indonesians and their keyboards write it."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.formats import get_format


class DecimalField(forms.DecimalField):
    """Takes a comma and a point alike, in every language, and shows the language's own.

    A text box: a browser's number box follows the browser's language and drops the comma of 7,5 without a word, and
    Django's localized field drops what is the other language's thousands separator.
    """

    widget: type[forms.Widget] | forms.Widget = forms.TextInput

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return super().widget_attrs(widget) | {"inputmode": "decimal", "autocomplete": "off"}

    def to_python(self, value: Any) -> Any:
        return super().to_python(value.strip().replace(",", ".") if isinstance(value, str) else value)

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, Decimal):
            return value
        return format(value.normalize(), "f").replace(".", str(get_format("DECIMAL_SEPARATOR")))
