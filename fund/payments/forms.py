"""What is typed about bank accounts and batches."""

from core.i18n import _
from core.web.forms import FormReader
from fund.payments.rules import BankAccount, account_number


def read_account(form: FormReader) -> BankAccount:
    """Fields holder, bank and number; the number is typed twice, as nobody proofreads it."""
    holder = form.text("holder", _("户名"), longest=80)
    bank = form.text("bank", _("开户行"), longest=120)
    typed = form.text("number", _("收款账号"), longest=60)
    again = form.text("number_again", _("再次填写收款账号"), longest=60)
    number = account_number(typed)
    if typed and number is None:
        form.fail("number", _("收款账号应当是 8 到 32 位数字"))
    elif again and account_number(again) != number:
        form.fail("number_again", _("两次填写的收款账号不一致"))
    form.finish()
    return BankAccount(holder, bank, number or "")


def read_chosen(chosen: object) -> list[int]:
    """The entitlements that were ticked; what is no number is passed over."""
    values = chosen if isinstance(chosen, list) else [chosen]
    words = [one for one in values if isinstance(one, str)]
    return [int(one) for one in words if one.isascii() and one.isdigit() and len(one) < 10]
