"""The reference evaluator where Proctor follows the specification's prose, or the safer reading, against the reference's letter: each place
in the reference's own text, what stands there instead, and why. A place that is no longer there is an error, so none outlives its reason."""
import datetime as dt
import json
import os
import re

SUSPECTED = {"unconfirmed", "provisional", "differential"}
DENIAL = r"\b(no|not|nil|denies|deny|denied|denying|without)\b"
PREFIX = r"(?:^|.*\W)(?:non|(never|\w+n't) (had|have|seen|noticed)( any)?)\W*$"
CLAUSE_END = r"[,;.\r\n]|\bbut\b|\bpresent(?:s|ed|ing) with\b"
with open(os.path.join(os.path.dirname(__file__), "../../cards/answers.json"), encoding="utf-8") as answers:
    ANSWERS = json.load(answers)
UNKNOWN = re.compile(r"^\W*(?:%s)\b" % "|".join(ANSWERS["unknownWords"]), re.I)
NOT_NOW = re.compile("|".join(ANSWERS["notNow"]), re.I)
NEGATES_NOTHING = re.compile(r"\b(?:%s)\b" % "|".join(ANSWERS["negatesNothing"]), re.I)

# The term is of another organ, too.
ELSEWHERE = r"in (the |his |her |my )?urine|membranes?|plugs?|COPD|bronch\w*|postnasal"

# What can pass, and what follows "no stool" where none passes: no softeners, and no stool with blood.
PASSED = (r"(pass(ing)?( \w+){0,3} (stools?|gas|wind|flatus|motions?|fa?eces|fa?ecal matter|poop?|BMs?|bowel movements?|anything)|pass($|[^\w ])"
          r"|open (the |his |her |my )?bowels?\b|defecat)")
NONE = (r"(no|neither) (stools?|flatus)($|[^\w ]| (x|for|since|or|nor|and|in|today|yesterday|yet|this|despite|after|passed|passing)\b| x? ?\d)|"
        r"no gas( (or|nor|for|since|passed|passing)\b| x? ?\d)|")

SOILED = r"fa?eces|poop?s?\b|motions\b|bowel movement|BMs?\b"

# What clinicians and patients call blood in stool, melaena and the rest, which the reference's patterns do not know (section 2.8: the
# term patterns are data). A missed alarm can kill, so a word more counts; blood pressure, blood tests and BM as a glucose value do not.
WORDS = {
    "overt_rectal_bleeding": [
        r"\b(anorectal|perianal) (bleed|ha?emorrhage)",
        r"\b(bleed(s|ing)?|ha?emorrhage)[,;] ?(rectal|rectum|anal|anus)($|[^\w :]| (x|for|since)\b)",  # "Bleeding, rectal", as indexes write
        r"\bblood, ?((mucus|mucous|slime|pus|and)\W+)+(in|on|with) (the |his |her |my )?(stool|motions|fa?eces|poop?s?\b)",
        r"\b(blood|bleed(s|ing)?) ((clots?|seen|noted|noticed|mixed|and (mucus|mucous|slime|pus)) )?(in|on|with|after|during|when passing) "
        r"((the|a|his|her|my|each|every|loose) )?(" + SOILED + ")",
        r"\bblood ((seen|noted|noticed|mixed) )?(in|on|with) (((the|a|his|her|my|each|every) )?(bowel )?motion($|[^\w ]| (x|for|since)\b))",
        r"\b(bloody|blood-?(stained|streaked|tinged)) (stool|diarrh|fa?eces|poop?s?\b|motions\b|BMs?\b|bowel (movement|motion))",
        r"\b(stools?|diarrh\w+|motions|fa?eces|poop?s?|BMs?|bowel (movement|motion)s?) ((mixed|streaked|stained|tinged|covered) )?"
        r"with ((fresh|bright|dark|red|some|frank) )*blood($|[^\w ]| (and|in|on|x|for|since)\b)",
        r"\b(blood|bleed(s|ing)?) ((seen|noted|noticed|streaks|spots) )?on (the |his |her |my )?(toilet|loo) (paper|roll|tissue)",
        r"\b(blood|bleed(s|ing)?) ((seen|noted|noticed) )?(on|when|after|with|while) ((he|she|I) )?wip(e|es|ing)"
        r"( (the|his|her|my) (bottom|bum|anus))?($|[^\w ]| (x|for|since|after|and|with|only)\b)",
        r"\bbleeding (piles|ha?emorrhoids?)\b",
        r"\b(PR|P\.R\.) (bleed|blood)",
        r"\b(bleed(s|ing)?|clots) P\.?R\b",
        r"\bblood P\.?R\.?($|[,;)\r\n]| (x|for|since|on|after)\b| \d\D)",
        r"\b(blood|bleed(s|ing)?|clots) per anum\b"],
    "melena": [
        r"\b(black|tarry) (sticky )?(motions?\b|fa?eces|poop?s?\b|bowel (movement|motion)|BMs?\b)",
        r"\b(stools?|motions?|fa?eces|poop?s?|bowel (movement|motion)s?|BMs?) ((is|are|was|were|looks?|turned) )?((very|jet|black|dark)(,| and)? )*tarry\b",
        r"\b(stools?|motions?|fa?eces|poop?s?|bowel (movement|motion)s?|BMs?) (is|are|was|were|looks?|turned) ((very|jet) )?black\b"],
    "fecal_incontinence": [
        r"loss of (bladder (and|or|&) bowel|bowel (and|or|&) bladder) control",
        r"incontinen(ce|t) of urine (and|or|&) (of )?(fa?eces|stools?|motions)",
        r"\b(fa?ecal|bowel) (and|or|&) (urinary|bladder) incontinence",
        r"\bbowel( and | & ?|/)bladder incontinence($|[^\w :?]| \w)",
        r"\bleak(age|ing|s)( of)? ((liquid|loose|some) )?(stools?|fa?eces|poop?)($|[^\w ]| (x|for|since|at night|when|on|with|and|daily)\b)"],
    "anal_or_rectal_pain": [r"\bpains? (in|from|of|at|around) (the |his |her |my )?(rectum|anus|back passage)\b"],
    "rectal_mass": [r"\b(mass(es)?|lumps?|tumou?rs?|nodules?) (in|from|of|on|at|near) (the |his |her |my )?(rectum|anus|back passage)\b"],
    "mucus_in_stool": [
        r"\b(mucous|mucoid|slimy) (stool|diarrh|motions|fa?eces|poop?s?\b|bowel (movement|motion)|BMs?\b)",
        r"\b(mucous|slime) (in|on|with) (the |his |her |my )?(stool|motions|fa?eces|poop?s?\b)"],
    "rectal_discharge": [r"\bdischarge (in|from|of|per) (the |his |her |my )?(rectum|anus|back passage)\b"],
}
# Local forms of a medicine, not any word that holds their letters: an appointment, a dispatch, a gel capsule, facial flushing, vaginal
# bleeding or "if the inhaler is not enough" take no anticoagulant away.
LOCAL_FORMS = [
    r"\b(topical(ly)?|creams?|ointments?|lotions?|ophthalmic|otic)\b",
    r"\b(eye|ear|nose|nasal)\W+(drops?|spray)\b",
    r"\b(\w+(one|ide|cin)|mg|mcg|micrograms?|dose|powder|oral) inhal(ation|ed|er)\b|\b(for|by|via) inhalation\b",
    r"^inhaled\b|[,(] ?inhal(ed|ation)($|[),;])|\binhal(ation|ed|er) (powder|solution|suspension|aerosol|capsules?|spray|device)",
    r"\bvaginal(ly\b|$| ?[\d,;)/]| (gel|tab|cap|insert|ring|suppositor|pessar|ovule|film|foam|spray|use|route|application|suspension|solution))",
    r"(^|[^-\w ]|[^-dit] |[^f]t |[^i]d )gel($|[^\w -]|[ -]+($|\d|[^\w -]|[^\Wct]|[ct][^a]))",
    r"\b(heparin\w*|lock|line|port|catheter|IV|saline|sodium|units?|ml|syringe|solution|for) flush(es)?\b|\bflush(es)? (solution|syringe|bag|kit)|^flush",
    r"\bpatch(es)?\b|\b(\w+(ac|fen|caine|cin)|medicated|transdermal|mg|[\d%]) plasters?\b",
]


def is_local(code):
    texts = [code.get("text")] + [coding.get("display") for coding in code.get("coding", [])]
    return any(re.search(form, text, re.I) for form in LOCAL_FORMS for text in texts if text)


def with_words(finding):
    return "|" + "|".join(WORDS[finding]) + "'"


def denies_itself(pattern, words):
    """What the term says is itself a no: no other no takes it back ("no vomiting and no stool")."""
    return bool(re.search(DENIAL, pattern) and re.search(DENIAL, words, re.I))


def is_denied(pattern, match, text):
    """By a no before it in its clause, or as of another time or person; "no improvement in" and "2-week history of" are neither."""
    negating = NEGATES_NOTHING.sub(lambda nothing: " " * len(nothing.group()), text)[:match.start()]
    clause = negating[len(text[:match.start()]) - len(re.split(CLAUSE_END, text[:match.start()], flags=re.I)[-1]):]
    return bool(NOT_NOW.search(clause) or re.search(DENIAL + r"|negative for", clause, re.I) and not denies_itself(pattern, match.group()))


def as_shown(text):
    """Blanks in a row are read as the one that a reader sees."""
    return re.sub(" +", " ", text or "")


def has_prefix(text):
    return bool(re.match(PREFIX, text[-16:], re.I | re.S))


def is_suspected(condition):
    return any(one.get("code") in SUSPECTED for one in condition.get("verificationStatus", {}).get("coding", []))


def has_unread(case, match, concept, days):
    """The newest result that may be one, where its number cannot be read: other units, beyond belief, or text."""
    if any(note.startswith(("unit " + concept, "implausible " + concept)) for note in case.dq):
        return True
    last = case.last(concept, days)
    for one, _, times in case.obs:
        codings = one.get("code", {}).get("coding", [])
        kinds = [concept] + (["fit_qualitative"] if concept == "fit_quantitative" else [])
        text = one.get("valueString") or one.get("valueCodeableConcept", {}).get("text") or ""
        if times and case.now - times[0] <= dt.timedelta(days=days) and any(match(kind, codings, ("question", "finding")) for kind in kinds):
            if re.search("[0-9]", text) and "valueQuantity" not in one and (not last or times[0] > last[0]):
                return True
    return False


CELLS = {unit: 1 for unit in ("x10*9/L", "x10^9/L", "x10E9/L", "x10(9)/L", "/nL", "x10*3/uL", "x10^3/uL", "x10(3)/uL", "10*3/mcL", "K/mcL")}
CELLS.update({"/mcL": .001, "/mm3": .001})
SPELLINGS = {
    "platelets": CELLS, "wbc": CELLS, "fit_quantitative": {"ug Hb/g": 1, "µg Hb/g": 1}, "ferritin": {"µg/L": 1, "mcg/L": 1}, "sbp": {"mm Hg": 1},
    "respiratory_rate": {"1/min": 1, "breaths/min": 1, "breaths/minute": 1}, "stool_count": {"1/d": 1, "/day": 1, "/(24.h)": 1, "{#}/(24.h)": 1},
}


def read_more_units(conversions):
    """Further spellings of units, and the litre as l."""
    for concept, units in SPELLINGS.items():
        conversions[concept].update(units)
    for units in conversions.values():
        units.update({unit[:-1] + "l": factor for unit, factor in list(units.items()) if unit.endswith("L")})


PLACES = [
    # UCUM's litre is l as well as L, and spellings are read when the meaning is certain (section 2.4).
    ("CONV['neutrophils']=CONV['wbc']", "read_more_units(CONV); CONV['neutrophils']=CONV['wbc']"),
    # The brief's table of units has a believable range for these three, too.
    ("PLAUS={'neutrophils':(0,200),", "PLAUS={'respiratory_rate':(3,120),'stool_count':(0,100),'esr':(0,200),'neutrophils':(0,200),"),
    # A newer no switches off discharge and pain (section 2.1), not one that is older than the Condition.
    ("late_neg=lambda k:(c.series(k) and not c.series(k)[-1][1])",
     "said_last=lambda x: max([t[1] for t in (c.onset(x),_t(x.get('recordedDate'))) if t],default=None)\n"
     "    def undenied(k,conds):\n"
     "        s=c.series(k); no=s[-1][0] if s and not s[-1][1] else None\n"
     "        return [x for x in conds if no is None or said_last(x) is None or said_last(x)>no]\n"
     "    def known_to_have(k,d=30,m=None):\n"
     "        n=len(c.dq); x=bool([y for y in c.cond(k,m) if not is_suspected(y)]) or c.obsf(k,d); del c.dq[n:]; return x"),
    ("(bool(c.cond(k,DISSTALE.get(k))) and not late_neg(k)) or", "bool(undenied(k,c.cond(k,DISSTALE.get(k)))) or"),
    # A symptom last asserted more than 365 days ago is stale (section 2.1); pain is one.
    ("PAIN=(bool(c.cond(PAINC)) and not late_neg(PAINC)) or", "PAIN=bool(undenied(PAINC,c.cond(PAINC,365))) or"),
    ("for x in c.cond(PAINC):", "for x in c.cond(PAINC,365):"),
    ("'fecal_impaction','cauda_equina',", "'fecal_impaction','cauda_equina','anal_or_rectal_pain',"),
    # A pregnancy code of 2019 switches nothing off (V265's reason).
    ("preg=h('pregnancy')", "preg=quiet('pregnancy',30,300)"),
    # A procedure that was to be done long ago did not happen (V308's reason).
    ("if r.get('status') in('preparation','in-progress'): return r\n",
     "t1=_t(r.get('performedDateTime') or (r.get('performedPeriod') or {}).get('end'))\n"
     "                if r.get('status') in('preparation','in-progress') and (not t1 or s.now-t1[1]<=180*DAY): return r\n"),
    # A suspected disease raises its alarms, and silences none (section 2.1: provisional entries count, rules exclude the known).
    ("MASS and not CRC and not h('anal_cancer')", "MASS and not known_to_have('colorectal_cancer') and not known_to_have('anal_cancer')"),
    ("(not COLO or newer) and not CRC", "(not COLO or newer) and not known_to_have('colorectal_cancer')"),
    ("not COLO and not CRC and not tested", "not COLO and not known_to_have('colorectal_cancer') and not tested"),
    ("not tested('stool_culture_pcr',7) and not STEC and not CDI", "not tested('stool_culture_pcr',7) and not STECK and not CDIK"),
    ("drafts=False) and not STEC and not CDI", "drafts=False) and not STECK and not CDIK"),
    ("    MEGA=h('intestinal",
     "    STECK=known_to_have('stec_ehec',30,30) or pos('stec_ehec',30); CDIK=known_to_have('c_difficile_infection',30,90) or pos('c_difficile_test',14)\n"
     "    MEGA=h('intestinal"),
    # A result that was not obtained is none (section 2.1, dataAbsentReason), and true is a positive answer.
    ("def pos(concept,days):", "def pos(concept,days,after=None):"),
    ("if t and c.now-t[0]<=days*DAY and match(concept,o.get('code',{}).get('coding',[]),('question',)):\n                v=",
     "if t and c.now-t[0]<=days*DAY and not o.get('dataAbsentReason') and not (after and t[0]<=after) and match(concept,o.get('code',{}).get('coding',[]),('question',)):\n                v="),
    ("continue\n                if match('value_present',v)", "continue\n                if o.get('valueBoolean') is True: return True\n                if match('value_present',v)"),
    ("return any(t and c.now-t[0]<=days*DAY and match(concept", "return any(t and c.now-t[0]<=days*DAY and not o.get('dataAbsentReason') and match(concept"),
    # A positive test after a colonoscopy is newer than it, whether it is a number or a word (V310's reason).
    ("def flagged_fit():", "def flagged_fit(after=None):"),
    ("if t and c.now-t[0]<=365*DAY and 'valueQuantity' in o", "if t and c.now-t[0]<=365*DAY and not o.get('dataAbsentReason') and not (after and t[0]<=after) and 'valueQuantity' in o"),
    ("newer=bool(lastcolo and FITn and FITn[0]>lastcolo[1])",
     "newer=bool(lastcolo and (FITn and FITn[0]>lastcolo[1] or pos('fit_qualitative',365,lastcolo[1]) or pos('mt_sdna',1095,lastcolo[1]) or flagged_fit(lastcolo[1])))"),
    # What cannot be read may be an alarm: no card then says that there is none.
    ("alarm=BLY or", "alarm=any(has_unread(c,match,k,d) for k,d in(('hemoglobin',90),('fit_quantitative',365),('body_temperature',2))) or BLY or"),
    ("c.lt('fit_quantitative',365,10) and (BL or", "c.lt('fit_quantitative',365,10) and not has_unread(c,match,'fit_quantitative',365) and (BL or"),
    # Drops, sprays and inhalers are local forms as creams are, whether coded or worded; LOCAL_FORMS says which words mean one.
    ("hit=match(concept,cc.get('coding',[]),('medication',),None if weak else 'strong')\n",
     "tx=' '.join([cc.get('text') or '']+[x.get('display') or '' for x in cc.get('coding',[])])\n"
     "            if is_local(cc): continue\n"
     "            hit=match(concept,cc.get('coding',[]),('medication',),None if weak else 'strong')\n"),
    ("if not re.search(r'topical|cream|ointment|ophthalm|otic|vaginal|gel\\b|flush|patch',tx,re.I): hit=any(", "hit=any("),
    # A whole number has no unit either.
    ("(concept=='fit_quantitative' and 'valueQuantity' in o and", "(concept=='fit_quantitative' and ('valueQuantity' in o or 'valueInteger' in o) and"),
    ("            if not q or not isinstance(q.get('value'),(int,float)):", "            if not q and 'valueInteger' in o: s.dq.append('unit %s None'%concept); continue\n            if not q or not isinstance(q.get('value'),(int,float)):"),
    # "N/A" and "no sample" answer nothing: unknown is never no.
    ("if NEGTXT.search(vt): return False", "if UNKNOWN.search(vt): return None\n            if NEGTXT.search(vt): return False"),
    # Words (section 2.8): a line, and a "but" in any letters, end a clause, "non-bloody" is not bloody, "incontinent of stool" and "PR bleeding" say it, gas is not gastritis.
    ("def said(rx,txt): return any(not NEGANY.search(re.split(r'[,;.]|\\bbut\\b',txt[:m.start()])[-1]) for m in re.finditer(rx,txt or '',re.I))",
     "def said(rx,txt):\n"
     "    txt=as_shown(txt)\n"
     "    return any(not has_prefix(txt[:m.start()]) and not is_denied(rx,m,txt) for m in re.finditer(rx,txt,re.I))"),
    ("re.split(r'[,;.]',txt or '')", "re.split(CLAUSE_END,txt or '',flags=re.I)"),
    ("|(bleed|blood|h(a)?emorrhage)\\w*\\W+(\\w+\\W+){0,2}(rectum",
     "|\\b(bleed(s|ing|er)?|blood|bloody|ha?emorrhag\\w*)\\b[^\\w,;.]+(\\w+[^\\w,;.]+){0,2}(rectum"),
    # "Rectal: no bleeding" is none, and what stands behind a comma is of something else.
    ("\\b(rectal|anal|anus|rectum)\\W+(\\w+\\W+)?(bleed|h(a)?emorrhage|blood)",
     "\\b(rectal|anal|anus|rectum)(\\W+|[^\\w,;.:]+\\w+[^\\w,;.:]+|: ?(fresh|bright|red|dark|some|frank|visible|active|slight|minimal|occasional|"
     "intermittent|mild|moderate|heavy|painless|painful|profuse|ongoing)\\W+)(bleed|ha?emorrhage|blood)"),
    ("|bloody (stool|diarrh)|BRBPR'", "|BRBPR" + with_words("overt_rectal_bleeding")),
    ("(black|tarry)\\W+(tarry\\W+)?stool'", "(black|tarry)\\W+(tarry\\W+)?stool" + with_words("melena")),
    ("incontinence of (f(a)?eces|stool)|loss of bowel control'",
     "incontinen(ce|t) of (f(a)?eces|stool|bowels?\\b|motions)|loss of bowel control" + with_words("fecal_incontinence")),
    ("anorectal) pain|proctalgia'", "anorectal) pain|proctalgia" + with_words("anal_or_rectal_pain")),
    ("'rectal_mass':r'\\b(rectal|anal|anorectal|perianal) (mass|lump|tumou?r|nodule)'",
     "'rectal_mass':r'\\b(rectal|anal|anorectal|perianal) (mass|lump|tumou?r|nodule)" + with_words("rectal_mass")),
    ("'mucus_in_stool':r'mucus',", "'mucus_in_stool':r'mucus" + with_words("mucus_in_stool") + ","),
    ("\\b(rectal|anal) discharge'", "\\b(rectal|anal) discharge" + with_words("rectal_discharge")),
    # A mass of stool in the rectum is none of the rectum, unless its code says so.
    ("    return concept in TEXTRX and said(",
     "    if concept=='rectal_mass': txt=' ; '.join(x for x in re.split(CLAUSE_END,txt or '',flags=re.I) if not re.search(r'\\b(fa?ecal|fa?eces|stool) (mass|lump)',x,re.I))\n"
     "    return concept in TEXTRX and said("),
    ("and textfinding('rectal_mass',x.get('code',{}).get('text'))", "and said(TEXTRX['rectal_mass'],x.get('code',{}).get('text'))"),
    # Mucous and slimy stools hold mucus; "non-polyposis" names Lynch syndrome, and its "non" denies nothing.
    ("('R19.5','mucus_in_stool'):r'mucus|slime'", "('R19.5','mucus_in_stool'):r'muc(us|ous|oid)|slim[ey]'"),
    ("\\bFAP\\b|polyposis", "\\bFAP\\b|\\bnon[- ]?polyposis|polyposis"),
    ("sputum|cough|sinus|vagina|vaginal|cervix|cervical|airway|chest|phlegm|eye)", "sputum|cough\\w*|sinus\\w*|vagina\\w*|cervi\\w*|airways?|chest|phlegm|eyes?|" + ELSEWHERE + ")"),
    ("('K62.89','rectal_discharge'):r'discharge|", "('K62.89','rectal_discharge'):r'discharge\\b|"),
    ("('K62.8','rectal_discharge'):r'discharge|", "('K62.8','rectal_discharge'):r'discharge\\b|"),
    ("(unable|not able|inability) to (pass|open|defecat)|(cannot|can't|can not) (pass|open|defecat)|",
     "((unable|not able|inability) to|cannot|can't|can not) " + PASSED + "|"),
    ("|not passing (stool|flatus|gas)", "|(not|hasn't|haven't) pass(ed|ing) (any )?(stools?|flatus|gas|wind|motions?)\\b"),
    ("('K62.89','anal_or_rectal_pain'):r'pain|proctalgia'", "('K62.89','anal_or_rectal_pain'):r'\\bpain(s|ful\\w*)?\\b|proctalgia'"),
    ("(no|neither) (stool|flatus|gas)|has not passed|", NONE + "no stooling($|[^\\w ]| (x|for|in|since|\\d))|"
     "(has|have) not passed( any| a| much| his| her| the| solid| hard| formed| bowel| urine or){0,3} "
     "(stool(s|ing)?|flatus|gas|wind|motions?|movements?|BMs?|bowels|fa?eces|fa?ecal matter|poop?|anything|since|for)\\b|"),
]


def source(text):
    for place, instead in PLACES:
        if text.count(place) != 1:
            raise SystemExit("the reference evaluator holds this %d times, not once: %s" % (text.count(place), place))
        text = text.replace(place, instead)
    return text


def load(path, module):
    with open(path, encoding="utf-8") as file:
        text = source(file.read())
    module.__dict__.update(is_suspected=is_suspected, has_unread=has_unread, as_shown=as_shown, has_prefix=has_prefix, is_denied=is_denied,
                           is_local=is_local, read_more_units=read_more_units, UNKNOWN=UNKNOWN, CLAUSE_END=CLAUSE_END)
    exec(compile(text, path, "exec"), module.__dict__)  # the specification itself
