"""Invented policies: what a text looks like that the gate lets in."""

POLICY = """\
Privacy Policy
==============

Last updated: 3 March 2026

This policy says what Fernpost GmbH does with what it knows about the people who write letters with it.

What we collect
---------------

We collect your name, your e-mail address and the letters that you write with our service. We also keep a record of
the days on which you used it, and of the device that you used.

*   Letters are kept for 90 days after you delete them.
*   Invoices are kept for ten years, because the law asks us to.
*   Records of use are kept for thirty days and then deleted.

What we do with it
------------------

We use your letters to deliver them and for nothing else. We do not sell them, and we do not show them to others
unless a court orders us to. If a court does, we tell you before we hand anything over, where we are allowed to.

Your rights
-----------

You may ask us for a copy of everything that we hold about you, and we answer within thirty days. You may ask us to
delete it. You may complain to the authority of the place where you live.
"""

SHORT_POLICY = """\
# Refunds

You can return a subscription within fourteen days of buying it. We pay back the whole price when you have sent
fewer than ten letters. After that we pay back the part that you have not used.

To ask for it, write to us from the address of your account. We answer within five working days, and the money is
with you two weeks later at the latest. Gifts can be returned by the person who paid for them.
"""

REWRITTEN = """\
# Fernpost privacy notice

*In force from 1 June 2026.* We have written this notice anew and made it shorter, so that it can be read in a
minute. Fernpost GmbH in Bremen answers for it.

We know your name, how to reach you, and what you send. Nobody but the people you write to gets to see it. We erase
everything two weeks after you close your account, save for bills.

Ask us for a copy at any time. You can also turn to the data protection authority in Bremen.
"""

CHINESE_POLICY = """\
# 隐私政策

本隐私政策说明远邮公司如何处理您在使用书信服务时提供的个人信息。请您在使用服务之前仔细阅读。

## 我们收集的信息

我们会收集您的姓名、电子邮箱以及您使用本服务撰写的信件。我们还会记录您使用服务的日期和所用的设备。

## 信息的使用

我们仅为投递信件而使用您的信件内容，不会向任何第三方出售您的个人信息。除非法院要求，我们不会向他人披露。

## 您的权利

您可以随时要求查阅、更正或者删除您的个人信息，我们会在三十日内答复。您也可以向主管机关投诉。
"""

GERMAN_POLICY = """\
# Datenschutzerklärung

Diese Erklärung beschreibt, was die Fernpost GmbH mit den Daten der Menschen macht, die mit ihr Briefe schreiben.

Wir erheben Ihren Namen, Ihre Anschrift und die Briefe, die Sie mit unserem Dienst schreiben. Wir speichern auch, an
welchen Tagen Sie den Dienst genutzt haben. Gelöschte Briefe bewahren wir neunzig Tage lang auf.

Wir geben Ihre Briefe an niemanden weiter, es sei denn, ein Gericht ordnet es an. Sie können jederzeit Auskunft über
Ihre Daten verlangen, und wir antworten innerhalb eines Monats. Sie können sich auch bei der Aufsicht beschweren.
"""

TERMS = """\
# Terms of Service

These terms are a contract between you and Fernpost GmbH. By opening an account you agree to them.

You must be at least sixteen years old. You are answerable for what is done with your account, and you keep its
password to yourself. You may end the contract on any day, with effect from the end of the month.

We may close an account that is used to threaten people. Where we do, we pay back what you have paid for the time
that is left. We answer for damage that we do on purpose or by gross negligence, and otherwise up to the price paid.
"""

LONG_POLICY = "\n".join(
    f"## {n}. What we do in case {n}\n\nIn case {n} we keep the record of your letters for {n} days and then delete it,"
    f" unless the law of place {n} asks us for more. You may object to this in case {n} too.\n"
    for n in range(1, 120)
)
