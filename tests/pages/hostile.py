"""More than a hundred things that somebody may type into a search box to see what happens."""

WORDS = """
jasper
training
the
to be or not to be
ChatGPT
Größe
數據 保留
نص عربي
שלום עולם
🦊🔥
""".strip().splitlines()

SYNTAX = [
    *r"""
"
""
\"""
'
''
`
“ ”
"jasper
jasper"
'jasper
"jasper" "
""training""
“train models”
&
|
!
!!
<->
<2>
a & b
a | b
!a
!!a & !b
a <-> b
a <99999999999> b
:*
jasper:*
jasper:A
'jasper':*ABCD
jasper &
& jasper
| | |
((((
))))
(jasper
jasper)
((a)(b))
OR
or
OR OR OR
a OR
OR a
a OR -b
-a
-
--
---a
-a -b -c
- jasper
-"train models"
a -"
NOT a AND b NEAR c
*
jas*
?
%
_
%%%s
{}
{0}
%(query)s
""".strip().splitlines(),
    f"{'(' * 90}a{')' * 90}",
    " OR ".join(f"word{number}" for number in range(40)),
    " ".join(f"-w{number}" for number in range(60)),
    "a " * 100,
]

ATTACKS = r"""
<script>alert(1)</script>
"><img src=x onerror=alert(1)>
</title><script>1</script>
{{ 7|add:7 }}
{% debug %}
'; DROP TABLE clauses_searchentry; --
' OR '1'='1
1; SELECT pg_sleep(9)
\
\\
\'
\x00
$$
$1
../../etc/passwd
http://example.org/a?b=c&d=e#f
a@b.example
a/b/c/d.html
CA-P-0
CA-X-1
CA-P-999999999
ca-p-
CA-P-010656 OR 1=1
1e999
-1e-5
NaN
2016/679
..
.
&amp;
&lt;b&gt;
%00
%ff
""".strip().splitlines()

UNSEEN = [
    *("\0", "a\0b", "\x02jasper\x03", "\x1b[31m", "\u202ejasper\u202c", "\u200bjas\u200bper", "\ufeff", "\t\n\r"),
    *("e\u0301" * 40, "\u0301" * 50, "ﷺ" * 30, "ẞ" * 20, "İ" * 20, "ǅ", "\ufffd"),
    *("a" * 10_000, "a " * 5_000, "é" * 10_000, "- " * 5_000, "'" * 10_000, "b." * 5_000),
]

# No UTF-8: cut off, overlong, a lone surrogate.
BYTES = [b"\xff\xfe", b"\xed\xa0\x80", b"jasper\xc3", b"\xc0\x80", b"\xf5\x80\x80\x80"]

HOSTILE = [*(text.encode() for text in (*WORDS, *SYNTAX, *ATTACKS, *UNSEEN)), *BYTES]
