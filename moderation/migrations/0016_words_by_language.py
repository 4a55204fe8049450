"""Reasons get their words by language: the shipped ones in Japanese and both writings of Chinese, where nobody has changed them."""

from django.db import migrations, models

LANGUAGES = ("ja", "zh-hans", "zh-hant")
# code, shipped title and text, then (title, text) by LANGUAGES.
SHIPPED = (
    ("sexual", "Sexual content", "Sexual content is not allowed on this platform.",
     ("性的な内容", "このプラットフォームでは性的な内容の配信は禁止されています。"),
     ("色情内容", "本平台禁止色情内容。"),
     ("色情內容", "本平台禁止色情內容。")),
    ("minors", "Danger to minors", "Content that sexualises or endangers minors is not allowed.",
     ("未成年者への危険", "未成年者を性的に扱う内容や、危険にさらす内容は禁止されています。"),
     ("危害未成年人", "禁止将未成年人性化或危害未成年人的内容。"),
     ("危害未成年人", "禁止將未成年人性化或危害未成年人的內容。")),
    ("violence", "Violence or gore", "Violent or shocking content is not allowed.",
     ("暴力・残虐表現", "暴力的な内容や衝撃的な内容は禁止されています。"),
     ("暴力或血腥", "禁止暴力或令人不适的内容。"),
     ("暴力或血腥", "禁止暴力或令人不適的內容。")),
    ("self-harm", "Self-harm", "Content that shows or encourages self-harm is not allowed. Help is available.",
     ("自傷行為", "自傷行為を見せる内容や、すすめる内容は禁止されています。相談できる窓口があります。"),
     ("自残", "禁止展示或鼓励自残的内容。您可以寻求帮助。"),
     ("自殘", "禁止展示或鼓勵自殘的內容。您可以尋求協助。")),
    ("hate", "Hate or harassment", "Hateful content and harassment are not allowed.",
     ("ヘイト・嫌がらせ", "ヘイトや嫌がらせは禁止されています。"),
     ("仇恨或骚扰", "禁止仇恨内容和骚扰行为。"),
     ("仇恨或騷擾", "禁止仇恨內容和騷擾行為。")),
    ("fraud", "Fraud or scam", "Misleading people for gain is not allowed.",
     ("詐欺", "利益のために人をだます行為は禁止されています。"),
     ("欺诈", "禁止为牟利而误导他人。"),
     ("詐騙", "禁止為牟利而誤導他人。")),
    ("illegal", "Illegal goods or acts", "Illegal goods and acts are not allowed.",
     ("違法な商品・行為", "違法な商品や行為は禁止されています。"),
     ("违法商品或行为", "禁止违法商品和违法行为。"),
     ("違法商品或行為", "禁止違法商品和違法行為。")),
    ("copyright", "Copyright", "You may not broadcast what others hold the rights to.",
     ("著作権", "他者が権利を持つものを配信することはできません。"),
     ("版权", "不得播出他人享有权利的内容。"),
     ("著作權", "不得播出他人享有權利的內容。")),
    ("other", "Spam or other", "This broadcast breaks the rules of the platform.",
     ("スパム・その他", "この配信はプラットフォームの規則に違反しています。"),
     ("垃圾信息或其他", "本次直播违反了平台规则。"),
     ("垃圾訊息或其他", "本次直播違反了平台規則。")),
    ("time-is-over", "Time is over", "The time of this broadcast is over.",
     ("時間終了", "この配信の時間は終了しました。"),
     ("时间已到", "本次直播的时间已到。"),
     ("時間已到", "本次直播的時間已到。")),
    ("host-gone", "Host gone", "The host of this broadcast has not been there for a while.",
     ("配信者不在", "この配信の配信者はしばらく不在です。"),
     ("主播离开", "本次直播的主播已离开一段时间。"),
     ("主播離開", "本次直播的主播已離開一段時間。")),
    ("programme", "Planned programme", "", ("予定された番組", ""), ("计划内节目", ""), ("排定的節目", "")),
    ("rehearsal", "Rehearsal or test", "", ("リハーサル・テスト", ""), ("彩排或测试", ""), ("彩排或測試", "")),
)


def ship(apps, schema_editor):
    policies = apps.get_model("moderation", "Policy").objects
    for code, title, text, *words in SHIPPED:
        policy = policies.filter(code=code).first()
        if policy is None or policy.translations:
            continue
        # Words that somebody has changed say something else than these translations.
        same = {"title": policy.title == title, "text": bool(text) and policy.text == text}
        for language, (own_title, own_text) in zip(LANGUAGES, words, strict=True):
            own = {"title": own_title if same["title"] else "", "text": own_text if same["text"] else ""}
            if any(own.values()):
                policy.translations[language] = {name: value for name, value in own.items() if value}
        policy.save(update_fields=["translations"])


class Migration(migrations.Migration):
    dependencies = [("moderation", "0015_record_takes_no_other_time")]
    operations = [
        migrations.AddField(
            model_name="policy",
            name="translations",
            field=models.JSONField(
                blank=True, default=dict, help_text='code of settings.LANGUAGES -> {"title": ..., "text": ...}'
            ),
        ),
        migrations.RunPython(ship, migrations.RunPython.noop),
    ]
