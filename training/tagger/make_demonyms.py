"""Writes services/tagger/data/demonyms.tsv: country code, English name, English adjectives, Hindi adjectives and names."""  # noqa: E501

import json
import re

from services.knowledge.shared import ROOT, shared

# Adjectives that the country table lacks or that no rule gives.
ENGLISH = {
    "USA": "American;US;U.S.", "GBR": "British;UK;U.K.", "ARG": "Argentine;Argentinian", "SAU": "Saudi", "ECU": "Ecuadorian",  # noqa: E501
    "MDV": "Maldivian", "NPL": "Nepali", "PHL": "Philippine", "KAZ": "Kazakh", "KGZ": "Kyrgyz", "TJK": "Tajik", "SVN": "Slovenian",  # noqa: E501
    "SVK": "Slovak", "BWA": "Botswanan", "LSO": "Basotho", "PSE": "Palestinian", "ARE": "Emirati;UAE", "TUR": "Turkish", "TWN": "Taiwanese",  # noqa: E501
    "UGA": "Ugandan", "UKR": "Ukrainian", "URY": "Uruguayan", "UZB": "Uzbek", "VEN": "Venezuelan", "VNM": "Vietnamese", "YEM": "Yemeni",  # noqa: E501
    "ZAF": "South African", "ZMB": "Zambian", "ZWE": "Zimbabwean", "TZA": "Tanzanian", "MMR": "Burmese;Myanmar", "NZL": "New Zealand",  # noqa: E501
    "SYR": "Syrian", "THA": "Thai", "SOM": "Somali", "SSD": "South Sudanese", "XKX": "Kosovar;Kosovo", "IGO": "EU;European", "LUX": "Luxembourg",  # noqa: E501
    "SEN": "Senegalese", "SLV": "Salvadorean;Salvadoran", "MOZ": "Mozambican", "ESP": "Spanish", "IRL": "Irish", "MKD": "North Macedonian;Macedonian",  # noqa: E501
    "BGD": "Bangladeshi", "HKG": "Hong Kong", "ISL": "Icelandic", "NER": "Nigerien", "BHR": "Bahraini", "DJI": "Djiboutian", "MDA": "Moldovan;Moldavian",  # noqa: E501
}  # fmt: skip
HINDI = {
    "USA": "अमेरिकी;अमरीकी;अमेरिका;अमरीका", "GBR": "ब्रिटिश;ब्रितानी;ब्रिटेन", "RUS": "रूसी", "CHN": "चीनी", "JPN": "जापानी", "FRA": "फ्रांसीसी;फ्रेंच",  # noqa: E501
    "DEU": "जर्मन", "IND": "भारतीय;हिंदुस्तानी;हिंदुस्तान", "PAK": "पाकिस्तानी;पाक", "NPL": "नेपाली", "LKA": "श्रीलंकाई", "BGD": "बांग्लादेशी;बंगलादेशी",  # noqa: E501
    "UKR": "यूक्रेनी", "ISR": "इजरायली;इजराइली;इस्राइली;इस्रायली;इजरायल;इस्राइल;इजराइल;इसराइली;इसराइल;इस्रायल", "PSE": "फलस्तीनी;फिलिस्तीनी;फलस्तीन;फिलिस्तीन", "IRN": "ईरानी",  # noqa: E501
    "IRQ": "इराकी", "TUR": "तुर्की;तुर्किये", "SAU": "सऊदी", "EGY": "मिस्री", "SYR": "सीरियाई", "LBN": "लेबनानी", "YEM": "यमनी", "AFG": "अफगान;अफगानी",  # noqa: E501
    "MMR": "म्यांमार;बर्मी", "MDV": "मालदीवी", "CAN": "कनाडाई", "AUS": "ऑस्ट्रेलियाई;आस्ट्रेलियाई", "ITA": "इतालवी;इटालियन", "ESP": "स्पेनिश;स्पेनी",  # noqa: E501
    "PRK": "उत्तर कोरियाई", "KOR": "दक्षिण कोरियाई", "VNM": "वियतनामी", "THA": "थाई", "PHL": "फिलीपीनी;फिलिपीनी;फिलीपींस", "IDN": "इंडोनेशियाई",  # noqa: E501
    "MYS": "मलेशियाई", "SDN": "सूडानी", "SSD": "दक्षिण सूडानी", "ETH": "इथियोपियाई", "KEN": "केन्याई;कीनियाई", "NGA": "नाइजीरियाई", "ZAF": "दक्षिण अफ्रीकी",  # noqa: E501
    "COL": "कोलंबियाई", "VEN": "वेनेजुएलाई;वेनेजुएला", "BRA": "ब्राजीली;ब्राजीलियाई", "MEX": "मैक्सिकन;मेक्सिकन", "POL": "पोलिश;पोलैंड", "HUN": "हंगेरियाई;हंगेरियन",  # noqa: E501
    "SRB": "सर्बियाई;सर्ब", "ARM": "आर्मेनियाई;आर्मीनियाई", "AZE": "अजरबैजानी", "GEO": "जॉर्जियाई", "GRC": "यूनानी;ग्रीक", "NLD": "डच", "CHE": "स्विस",  # noqa: E501
    "SWE": "स्वीडिश", "NOR": "नॉर्वेजियन", "DNK": "डेनिश", "TWN": "ताइवानी", "BLR": "बेलारूसी", "CUB": "क्यूबाई", "PER": "पेरूवियन", "QAT": "कतरी",  # noqa: E501
    "LBY": "लीबियाई", "DZA": "अल्जीरियाई", "TUN": "ट्यूनीशियाई", "MAR": "मोरक्कन", "HTI": "हैतियाई", "KHM": "कंबोडियाई", "BTN": "भूटानी", "XKX": "कोसोवो",  # noqa: E501
    "SOM": "सोमाली;सोमालियाई", "IGO": "यूरोपीय संघ", "MLI": "मालियन", "ROU": "रोमानियाई", "FIN": "फिनिश", "JOR": "जॉर्डनी", "KAZ": "कजाख;कजाखस्तानी",  # noqa: E501
}  # fmt: skip


NAMES = {
    "MMR": "Myanmar", "PSE": "Palestine", "TUR": "Turkey", "HKG": "Hong Kong", "COD": "Democratic Republic of the Congo",  # noqa: E501
    "COG": "Republic of the Congo", "CIV": "Ivory Coast",
}  # fmt: skip


def hindi_adjective(name: str) -> str | None:
    """The regular adjective: लीबिया gives लीबियाई, ईरान gives ईरानी."""
    if " " in name or "(" in name:
        return None
    if name.endswith("ा"):
        return name + "ई"
    return None if re.search(r"[ीेोूुिैौ]$", name) else name + "ी"


def main() -> None:
    out = ["# country	English name	English adjectives	Hindi adjectives and names. Sources: the country table of the shared data (CLDR, MIT, PDDL)"  # noqa: E501
           " and lists and rules of training/tagger/make_demonyms.py."]  # fmt: skip
    rows = [json.loads(line) for line in shared("data", "countries", "countries.jsonl").open(encoding="utf-8")]
    for row in rows:
        code = row["iso3"] or ("XKX" if "Kosovo" in row["en"][0] else None)
        if not code or (not row["is_country"] and code not in ("PSE", "TWN", "XKX", "HKG", "VAT")):
            continue
        adjectives = [a.strip() for a in (row["demonym_en"] or "").split(",") if a.strip()]
        if code == "IOT":
            continue
        english = dict.fromkeys(adjectives + [a for a in ENGLISH.get(code, "").split(";") if a])
        names = row["hi"] + row["hi_isocodes_lgpl"][:0]
        hindi = dict.fromkeys(
            [*[h for h in HINDI.get(code, "").split(";") if h], *[n for n in names if "(" not in n]]
            + [a for n in names if (a := hindi_adjective(n))]
        )
        out.append("\t".join([code, NAMES.get(code, row["en"][0]), ";".join(english), ";".join(hindi)]))
    out.append("\t".join(["IGO", "European Union", "EU;European Union", "यूरोपीय संघ;ईयू"]))
    (ROOT / "services/tagger/data/demonyms.tsv").write_text("\n".join(out) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
