"""Lists of names to draw from: surnames that nobody bears, streets and houses of a country that is not on the map.

Chinese given names are images from poems; each stands with its spelling in Latin letters.
"""

from __future__ import annotations


def _words(text: str, between: str | None = None) -> tuple[str, ...]:
    return tuple(text.split(between))


ENGLISH_FIRST = _words(
    "Ada Agnes Albert Alma Ambrose Arthur Audrey Barnaby Beatrice Bertram Blythe Cecily Cedric Clara Clement Cora "
    "Cordelia Cuthbert Daphne Dora Edith Edmund Effie Elsie Ernest Esme Ewan Fergus Flora Florence Gideon Gwen Hattie "
    "Harriet Hector Hester Horace Hugo Imogen Ines Isadora Ivor Jasper Josephine Juniper Kit Lavinia Leopold Lionel "
    "Lottie Mabel Marigold Martha Matilda Maud Mortimer Myrtle Ned Nell Octavia Olive Oswin Otto Pearl Percival Phoebe "
    "Piers Posy Ralph Rosalind Rowan Rufus Rupert Sylvia Tabitha Theodora Tobias Ursula Verity Walter Wilfred Winifred"
)
ENGLISH_LAST = _words(
    "Applegarth Ashlark Barleymow Beechwater Birchmere Bramblewick Brackenshaw Brightwater Buttercross Candlewick "
    "Cherrywell Cloverdell Copperthorn Cornflower Dewberry Dovecote Driftwell Elderby Featherstitch Fernsby Fiddlewood "
    "Flintlock Foxhollow Gingerbeck Goldfinchley Gorsefield Greenlock Harebell Hazelgrove Heatherwick Hollowbrook "
    "Honeychurch Inkpenny Ivymere Junipery Kettlewick Kingcup Lanternby Larkspurne Linnetwood Littlemoon Lockwhistle "
    "Marlowick Marshlark Meadowsong Merrywell Mistlethrush Moonraker Mossgrove Nightjar Oakhanger Orchardson "
    "Owlswick Pebbleton Pennywhistle Pipistrel Plumtree Quillfeather Rainsong Redstart Rookhope Rosewater "
    "Saltmarshe Silverthatch Skylarking Snowdropp Sparrowhawke Starling-Moss Sundial Swallowfield Tanglewood "
    "Thimbleby Thistlewood Tinderbox Turnstone Underbough Violetine Wagtail Waxwing Weathervane Whistledown "
    "Willowherb Winterbirch Wrenfield Yarrowby"
)

# Names by the language of a country; whoever is missing here is named in English.
EUROPEAN: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "de": (
        _words(
            "Anneliese Bruno Clemens Dorothea Emil Frieda Gustav Hedwig Ilse Jakob Käthe Leni Moritz Oskar Ottilie Veit"
        ),
        _words(
            "Apfelgrün Birkenlicht Distelfink Eulenspiel Federhut Glockenbach Haselwind Laubengang Mondwiese "
            "Nussbaumer-Lied Quellensang Rosenzaun Schneekranich Sternenthal Wiesenklang Zaunkönig"
        ),
    ),
    "fr": (
        _words(
            "Apolline Aurèle Blanche Célestin Édith Faustine Gaspard Hippolyte Jeanne Léonie Marcel Odette "
            "Rosalie Sylvain Théodule Violette"
        ),
        _words(
            "Aubeclaire Boisjoli Chantemerle-Noix Clairfontan Coquelicot Églantier Feuilledor Hirondel Lunerousse "
            "Mésangeau Passereau Pommerose Rivedouce Sourcelle Tournevent Valmousse"
        ),
    ),
    "es": (
        _words("Alba Baltasar Casilda Eulalia Fermín Jacinta Leocadia Narciso Olalla Plácido Remedios Segundo"),
        _words(
            "Aguamiel Almendral Cantarrana Espigadulce Floralba Golondrino Lunamar Olivarclaro Piedrahermosa "
            "Ríoverde Tardelarga Vientosur"
        ),
    ),
    "pt": (
        _words("Amália Baltazar Celeste Dinis Eugénia Firmino Graça Leonor Olímpia Simão"),
        _words("Alvorada Brisamar Cantolivre Estrelado Folhalinda Luarinho Marazul Pedraclara Ribeirinha Sardinhal"),
    ),
    "it": (
        _words("Ambrogio Bianca Cosima Elettra Fiorella Gaspare Ludovica Nerina Ottavio Serafino"),
        _words(
            "Acquachiara Boscolungo Cantalupa Fiordaliso Lucciola Melograni Nuvolari-Blu Passerotti Stellamare "
            "Ventolini"
        ),
    ),
    "nl": (
        _words("Aagje Bram Cornelia Dirkje Floris Geertje Hendrik Liesbeth Maarten Roosje"),
        _words(
            "Appelbloesem Duinroos Grasmus Hagelslager Kievitsveld Lentewind Maanwater Ooievaar Sterrendijk Zwaluwnest"
        ),
    ),
    "nordic": (
        _words("Alva Bo Dagny Eskil Freja Gunvor Hjalmar Ingrid Leif Runa Solveig Torvald"),
        _words(
            "Bjørkelund-Vind Fjellvåg Granskog Havlykke Isfugl Lyngmark Månefjord Nordvinter Rypestad Snøklokke "
            "Stjernholt Ugledal"
        ),
    ),
}
LANGUAGE_OF = {
    "Germany": "de",
    "Austria": "de",
    "Switzerland": "de",
    "France": "fr",
    "Belgium": "fr",
    "Spain": "es",
    "Portugal": "pt",
    "Brazil": "pt",
    "Italy": "it",
    "Netherlands": "nl",
    "Norway": "nordic",
    "Sweden": "nordic",
    "Denmark": "nordic",
    "Finland": "nordic",
    "Iceland": "nordic",
}


def _pairs(text: str) -> list[tuple[str, str]]:
    """('沈', 'Shen') … from '沈Shen …'; the signs end where the Latin letters begin."""
    found = []
    for word in text.split():
        cut = next(i for i, sign in enumerate(word) if sign.isascii())
        found.append((word[:cut], word[cut:]))
    return found


CHINESE_LAST = _pairs(
    "沈Shen 林Lin 苏Su 陆Lu 顾Gu 程Cheng 许Xu 宋Song 叶Ye 江Jiang 温Wen 白Bai 夏Xia 秦Qin 唐Tang 方Fang "
    "梁Liang 谢Xie 傅Fu 简Jian 黎Li 阮Ruan 骆Luo 庄Zhuang 安An 云Yun 乔Qiao 景Jing 章Zhang 柳Liu 祝Zhu "
    "向Xiang 欧阳Ouyang 上官Shangguan 慕容Murong 司徒Situ"
)
CHINESE_GIVEN = _pairs(
    "听雨Tingyu 知秋Zhiqiu 望舒Wangshu 映雪Yingxue 归晚Guiwan 拾光Shiguang 临溪Linxi 怀瑾Huaijin "
    "若谷Ruogu 见山Jianshan 南星Nanxing 半夏Banxia 青黛Qingdai 云起Yunqi 星河Xinghe 疏影Shuying "
    "晚舟Wanzhou 竹溪Zhuxi 松月Songyue 松年Songnian 岁寒Suihan 长风Changfeng 鹿鸣Luming 采薇Caiwei "
    "子衿Zijin 清扬Qingyang 思齐Siqi 静姝Jingshu 攸宁Youning 嘉木Jiamu 芷兰Zhilan 扶摇Fuyao 逐月Zhuyue "
    "未晞Weixi 棠梨Tangli 杏林Xinglin 初霁Chuji 微澜Weilan 疏桐Shutong 寒露Hanlu 霜序Shuangxu 谷雨Guyu "
    "小满Xiaoman 立夏Lixia 白露Bailu 问渠Wenqu 怀远Huaiyuan 致远Zhiyuan 明川Mingchuan 澄江Chengjiang "
    "远帆Yuanfan 抱朴Baopu 守拙Shouzhuo 行简Xingjian 书砚Shuyan 砚池Yanchi 墨林Molin 画屏Huaping "
    "画眉Huamei 琴心Qinxin"
)

ORGANISATION_FIRST = _words(
    "Acorn Amberlight Bluebell Bramble Candlelight Clockwork Copper Cosy Cuckoo Dandelion Dovetail Firefly Gingham "
    "Hedgerow Honeypot Ivory Jackdaw Kettle Lantern Lighthouse Magpie Marmalade Moonbeam Nutmeg Paper Peppercorn "
    "Periwinkle Polka Quilted Ribbon Robin Snowdrop Spindle Sugarplum Teacup Thimble Toadstool Twine Velvet Wishing"
)
ORGANISATION_SECOND = _words(
    "Attic Barn Bazaar Boutique Cabinet Corner Cottage Emporium Galleries Gifts Home House Interiors Market Nook "
    "Pantry Parlour Stores Trading Workshop"
)
ORGANISATION_ENDING = ("", " Ltd", " & Co", " & Daughters", " Wholesale")
CHINESE_ORGANISATION_FIRST = _pairs(
    "云舒Yunshu 半山Banshan 青禾Qinghe 听澜Tinglan 拾味Shiwei 望春Wangchun 小满堂Xiaomantang 鹿野Luye "
    "松间Songjian 月白Yuebai 竹里馆Zhuliguan 南枝Nanzhi 晴川Qingchuan 朝颜Zhaoyan 花间Huajian 木棉Mumian "
    "风荷Fenghe 知味Zhiwei 雁来Yanlai 星野Xingye"
)
CHINESE_ORGANISATION_SECOND = (
    ("礼品行", "Gifts"),
    ("家居", "Home"),
    ("贸易有限公司", "Trading Ltd"),
    ("百货", "Stores"),
    ("杂货铺", "General Store"),
    ("婚庆", "Weddings"),
    ("茶舍", "Tea House"),
    ("文创", "Craft & Paper"),
    ("批发商行", "Wholesale"),
    ("节庆用品", "Festive Supplies"),
    ("花艺", "Florists"),
    ("书店", "Books"),
    ("民宿", "Guest House"),
    ("餐饮集团", "Restaurants"),
    ("烘焙坊", "Bakery"),
)
TITLES = {
    "en": ("owner", "buyer", "office manager", "shop manager", "event planner"),
    "zh": ("店主", "采购", "行政主管", "店长", "活动策划"),
}
STREETS = _words(
    "Larkspur Lane|Old Kiln Yard|Thimble Street|Wren's Passage|Marigold Terrace|Lantern Hill|Pebble Row|Owl Gardens|"
    "Cuckoo Mews|Saffron Court|Merrywell Road|Half Moon Steps",
    "|",
)
STREETS_OF = ("United Kingdom", "EIRE", "Channel Islands")
# Cities, the larger ones several times; whoever's country is missing has no city.
CITIES: dict[str, tuple[str, ...]] = {
    "United Kingdom": (
        *("London",) * 8,
        *("Manchester", "Birmingham") * 2,
        "Leeds",
        "Sheffield",
        "Nottingham",
        "Leicester",
        "Bristol",
        "Reading",
        "Edinburgh",
        "Glasgow",
        "Liverpool",
        "Newcastle",
        "Cardiff",
        "Belfast",
        "Norwich",
        "Exeter",
        "York",
    ),
    "Germany": ("Berlin", "Hamburg", "München", "Köln", "Frankfurt"),
    "France": ("Paris", "Lyon", "Nantes", "Lille", "Marseille", "Toulouse"),
    "Spain": ("Madrid", "Barcelona", "Valencia", "Sevilla"),
    "Belgium": ("Bruxelles", "Liège", "Gent"),
    "Switzerland": ("Zürich", "Genève", "Basel"),
    "Portugal": ("Lisboa", "Porto"),
    "Italy": ("Milano", "Roma", "Torino"),
    "Netherlands": ("Amsterdam", "Utrecht"),
    "EIRE": ("Dublin", "Cork"),
    "Singapore": ("Singapore",),
}
