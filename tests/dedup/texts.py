"""Stories written for the tests: one wire story, what outlets made of it, and its competitors."""

WIRE = """\
VALDOR (AP) — The island republic of Marenne called on Thursday for an immediate ceasefire in \
the Straits conflict and offered to host talks between the two sides, in an eight-point paper \
released on the first anniversary of the fighting.

Marenne says it is neutral, but it has never condemned the northern fleet's blockade and still \
buys half of its grain from the northern ports. It has accused the southern alliance of "pouring \
oil on the waters" by sending patrol boats to the besieged towns.

Foreign Minister Odile Karsten handed the paper to both ambassadors at noon. "Nobody has ever \
starved an enemy into friendship," she told reporters in the garden of the ministry.

The paper asks for an end to the trade penalties, safe passage for fishing crews, and an \
exchange of all prisoners before the winter storms. It gives no detail on who would watch over a \
truce, and it does not say whether the northern fleet must leave the waters it took last year.

Diplomats in the southern capital doubted that Marenne could be an honest broker. "A mediator \
who dines with one side every evening should not be surprised when the other stays away," said \
one, who asked not to be named because he was not allowed to speak in public.

Harbour prices fell slightly after the announcement. Analysts at the Valdor exchange said \
traders had seen too many such papers to believe that ships would sail freely before the spring.

The assembly of coastal states voted on Wednesday to demand that the blockade be lifted. Marenne \
was one of nine members that abstained, as it has on each of the four earlier votes.
"""

# As a text that went into another language and back
RETOLD = """\
VALDOR (AP) The island republic of Marenne on Thursday called for an immediate truce in the \
Straits conflict and proposed hosting negotiations between both sides, in an eight-point \
document published on the first anniversary of the fighting.

Marenne claims to be neutral, but has never condemned the blockade by the northern fleet and \
continues to buy half its grain from northern ports. He accused the southern alliance of pouring \
oil on the waters by sending patrol boats to besieged cities.

Foreign Minister Odile Karsten delivered the document to the two ambassadors at noon. No one has \
ever starved an enemy into friendship, she told journalists in the garden of the ministry.

The document calls for an end to trade sanctions, safe passage for fishing crews and an exchange \
of all prisoners before winter storms. It does not provide details on who would oversee a truce, \
and does not say if the northern fleet must leave the waters it took last year.

Diplomats in the southern capital doubted that Marenne can be an honest broker. A mediator who \
dines with one side every night should not be surprised if the other stays away, said one of \
them, who asked not to be named because he was not authorized to speak publicly.

Port prices fell slightly after the announcement. Analysts at the Valdor stock exchange said \
that traders had seen too many documents of this kind to believe ships would sail freely before \
spring.

The assembly of coastal states voted Wednesday to demand the lifting of the blockade. Marenne \
was one of the nine members who abstained, as in each of the previous four votes.
"""

# Another agency's report of the same day, with the same quotation
RIVAL = """\
VALDOR (Reuters) - Grain futures slipped and patrol boats stayed in port on Thursday as Marenne \
laid out its long-awaited plan to stop a year of war in the Straits.

"Nobody has ever starved an enemy into friendship," Foreign Minister Odile Karsten told \
reporters after meeting envoys from north and south.

The southern prime minister, Tomas Ferrel, rejected the eight points within the hour, saying any \
peace that leaves foreign warships off his coast would only reward the aggressor. His northern \
counterpart praised the paper as balanced and promised to study it closely.

Marenne, whose mills depend on northern wheat, has kept its embassies open in both capitals and \
refused to join the penalties imposed last summer. Western officials have warned it against \
supplying spare parts to the blockading fleet, a charge it calls absurd.

Karsten is expected to travel to the assembly of coastal states next week. Fishing families in \
the besieged town of Lowhaven, where fuel has run out twice since autumn, said they had heard \
such promises before and would go on rationing bread.

Bond yields in Valdor were little changed; the exchange's shipping index closed 0.4 percent \
lower.
"""

ELSEWHERE = """\
The city council of Brevik has voted to close its oldest tram line after a century of service, \
citing falling passenger numbers and the cost of replacing rails that date from before the war.

Residents of the northern suburbs gathered outside the town hall with candles and old tickets. \
The mayor said buses would run every ten minutes and that two of the wooden cars would be kept \
for the museum of transport, where the first driver's cap is already on show.

Engineers had warned for years that the bridge over the river could no longer carry the weight \
of modern trams. A study last spring put the price of a new bridge at forty million, more than \
the city spends on all of its schools in a year.

The last tram will leave the central station on the final Sunday of May. Tickets for it were \
sold out within an hour, and a brass band has offered to play at every stop along the way.
"""

CHINESE = """\
新华社瓦尔多2月24日电 马伦岛共和国外交部长奥迪勒·卡斯滕24日在首都瓦尔多表示,马伦呼吁\
海峡冲突各方立即停火,并愿意为双方谈判提供场所。

卡斯滕当天向两国大使递交了一份八点文件。她对记者说,没有人能够靠饥饿把敌人变成朋友。文件要求\
结束贸易制裁,保障渔船安全通行,并在冬季风暴来临之前交换全部战俘。

文件没有说明由谁来监督停火,也没有要求北方舰队离开去年占领的水域。南方首都的外交官怀疑马伦能\
否成为公正的调解人。

沿海国家大会23日投票要求解除封锁。马伦是九个投弃权票的成员国之一,此前四次投票中马伦也都弃\
权。瓦尔多交易所分析人士认为,春天之前船只难以自由航行。
"""


def opening(text: str, paragraphs: int) -> str:
    """The first paragraphs of a story, as an editor trims."""
    return "\n\n".join(text.strip().split("\n\n")[:paragraphs])
