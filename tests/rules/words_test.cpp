#include "rules/words.h"

#include <gtest/gtest.h>

namespace proctor::rules {
namespace {

const ClauseWords k_words = {"[,;.\\r\\n]|\\bbut\\b",
                             {"no|not|denies|denied|without|negative for"},
                             {"family history|fh of|h/o|history of|resolved"},
                             {"non"},
                             {"no (\\w+ )?improvement in", "\\d+[- ]week (history of|h/o)", "not only"}};

struct Said {
    std::string_view text;
    bool says;
};

class Bleeding : public testing::TestWithParam<Said> {};

TEST_P(Bleeding, CountsOnlyWhereItIsNotDeniedInItsClause) {
    const Clauses clauses(k_words);
    const std::vector<std::string> terms = {"ha?ematochezia", "\\b(rectal|anal)\\W+(\\w+\\W+)?(bleed|blood)",
                                            "blood\\w*\\W+(\\w+\\W+){0,2}(stools?|bottom)"};
    EXPECT_EQ(clauses.says(GetParam().text, Words(terms), Words()), GetParam().says) << GetParam().text;
}

INSTANTIATE_TEST_SUITE_P(
    Texts, Bleeding,
    testing::Values(Said{"Rectal bleeding", true}, Said{"RECTAL BLEEDING", true}, Said{"hematochezia", true},
                    Said{"Haematochezia", true}, Said{"Rectal bleeding, no pain", true},
                    Said{"No pain, rectal bleeding", true}, Said{"No pain but rectal bleeding", true},
                    Said{"Blood in the stool", true}, Said{"Not well. Blood in stools", true},
                    Said{"Knows of rectal bleeding", true}, Said{"No rectal bleeding", false},
                    Said{"Denies any rectal bleeding", false}, Said{"negative for rectal bleeding", false},
                    Said{"Family history of rectal bleeding", false}, Said{"H/O rectal bleeding", false},
                    Said{"Resolved rectal bleeding", false}, Said{"Denies fever\nRectal bleeding", true},
                    Said{"Pain; denies rectal bleeding and blood in stool", false},
                    Said{"No rectal bleeding yesterday, rectal bleeding today", true}, Said{"", false},
                    Said{"Rectal pain", false}, Said{"canal bleeding", false}));

TEST(Clauses, AClauseAboutAnotherOrganDoesNotCount) {
    const Clauses clauses(k_words);
    const std::vector<std::string> mucus = {"mucus"};
    const std::vector<std::string> organs = {"\\b(nose|nasal|throat)\\b"};
    EXPECT_FALSE(clauses.says("Mucus from the nose", Words(mucus), Words(organs)));
    EXPECT_TRUE(clauses.says("Sore throat, mucus with stools", Words(mucus), Words(organs)));
    EXPECT_TRUE(clauses.says("nasal mucus, mucus per rectum", Words(mucus), Words(organs)));
}

TEST(Clauses, APrefixDeniesTheTermRightAfterItAlone) {
    const Clauses clauses(k_words);
    const std::vector<std::string> terms = {"\\bbloody (stool|diarrh)", "\\banal ulcer"};
    for (const char* text : {"Non-bloody diarrhoea", "non bloody stools", "nonbloody stools", "NON - bloody stools"})
        EXPECT_FALSE(clauses.says(text, Words(terms), Words())) << text;
    for (const char* text : {"Non-healing anal ulcer", "non-bloody vomiting and bloody stools", "canon bloody stools"})
        EXPECT_TRUE(clauses.says(text, Words(terms), Words())) << text;
}

TEST(Clauses, ATermThatIsItselfANoIsNotTakenBackByAnother) {
    const Clauses clauses(k_words);
    const std::vector<std::string> terms = {"(unable|not able) to pass", "no (stool|gas)\\b", "has not passed stool"};
    for (const char* text : {"No vomiting and no stool since Monday", "No pain and has not passed stool", "No gas"})
        EXPECT_TRUE(clauses.says(text, Words(terms), Words())) << text;
    for (const char* text : {"Denies being unable to pass stool", "no gastritis", "Not unable to pass"})
        EXPECT_FALSE(clauses.says(text, Words(terms), Words())) << text;
    const std::vector<std::string> blood = {"blood\\w*\\W+(\\w+\\W+){0,2}stools?"};
    EXPECT_FALSE(clauses.says("Denies blood and no stool changes", Words(blood), Words()));
}

TEST(Clauses, ATermThatIsItselfANoIsTakenBackByAnotherTimeOrPerson) {
    const Clauses clauses(k_words);
    const std::vector<std::string> terms = {"(not|no longer) passing stool", "has not passed stool"};
    for (const char* text : {"Resolved: not passing stool", "History of not passing stool"})
        EXPECT_FALSE(clauses.says(text, Words(terms), Words())) << text;
    EXPECT_TRUE(clauses.says("No fever and not passing stool", Words(terms), Words()));
}

TEST(Clauses, WhatLooksLikeANoAndIsNoneDeniesNothing) {
    const Clauses clauses(k_words);
    const std::vector<std::string> terms = {"rectal bleeding"};
    for (const char* text :
         {"No improvement in rectal bleeding", "No real improvement in his rectal bleeding",
          "2-week history of rectal bleeding", "Not only rectal bleeding", "3 week h/o rectal bleeding"})
        EXPECT_TRUE(clauses.says(text, Words(terms), Words())) << text;
    for (const char* text : {"No improvement in pain and no rectal bleeding", "2-week history of no rectal bleeding",
                             "Week history of rectal bleeding", "Denies 2-week history of rectal bleeding"})
        EXPECT_FALSE(clauses.says(text, Words(terms), Words())) << text;
}

TEST(Clauses, TextIsReadAsItShows) {
    const Clauses clauses(k_words);
    const std::vector<std::string> terms = {"anal pain", "can't pass", "near-faint", "hematochezie"};
    for (const char* text :
         {"Anal  pain", "Anal\u00A0pain", "An\u00ADal pa\u200Bin", "can\u2019t pass", "near\u2011faint",
          "near\u2013faint", "H\u00E9matoch\u00E9zie", "He\u0301matoche\u0301zie"})
        EXPECT_TRUE(clauses.says(text, Words(terms), Words())) << text;
    EXPECT_FALSE(clauses.says("No fever\u00A0nor anal\tpain", Words(terms), Words()));
    EXPECT_TRUE(clauses.says("No fever\u2028anal pain", Words(terms), Words()));
    EXPECT_TRUE(clauses.says("\u2116 3: anal pain", Words(terms), Words())) << "the numero sign is no no";
}

TEST(Clauses, ALongDeniedTextTakesLinearTime) {
    const Clauses clauses(k_words);
    const std::vector<std::string> mucus = {"mucus"};
    std::string text = "no ";
    for (int i = 0; i < 100'000; ++i) text += "mucus ";
    EXPECT_FALSE(clauses.says(text, Words(mucus), Words()));
    std::string better = "no mucus ";
    for (int i = 0; i < 100'000; ++i) better += "no improvement in mucus ";
    EXPECT_FALSE(clauses.says(better, Words(mucus), Words()));
}

TEST(Words, PlacesDecideWhereAPatternMayMatch) {
    const std::vector<std::string> no = {"no|none"};
    EXPECT_TRUE(Words(no, Place::first_word).in(" - No, never"));
    EXPECT_FALSE(Words(no, Place::first_word).in("normal"));
    EXPECT_FALSE(Words(no, Place::first_word).in("says no"));
    EXPECT_TRUE(Words(no, Place::whole_words).in("says no"));
    EXPECT_FALSE(Words(no, Place::whole_words).in("nose"));
    EXPECT_TRUE(Words(no).in("nose"));
}

TEST(Words, AnAccentIsNoEndOfAWord) {
    const std::vector<std::string> no = {"n|no"};
    for (const char* text : {"N\u00EDvel 8", "No\u00EBl", "N\u00E1useas"})
        EXPECT_FALSE(Words(no, Place::first_word).in(text)) << text;
    EXPECT_TRUE(Words(no, Place::first_word).in("\u00A0No"));
}

TEST(Words, TextThatIsNoUtf8IsReadAsItIs) {
    const std::vector<std::string> words = {"bleed"};
    EXPECT_TRUE(Words(words).in("\xFF bleed"));
}

TEST(Words, NothingAndABrokenPatternNeverMatch) {
    const std::vector<std::string> broken = {"("};
    EXPECT_FALSE(Words().in("anything"));
    EXPECT_FALSE(Words(broken).in("("));
}

TEST(Words, ABrokenPatternTakesNoOtherWithIt) {
    const std::vector<std::string> patterns = {"(", "bleed", "(?-i)Pus"};
    EXPECT_TRUE(Words(patterns).in("BLEEDING"));
    EXPECT_TRUE(Words(patterns).in("Pus"));
    EXPECT_FALSE(Words(patterns).in("pus"));
}

TEST(Words, PatternsThatAreTooLargeTogetherStillMatch) {
    std::vector<std::string> patterns;
    for (int i = 100; i < 600; ++i) patterns.push_back(std::to_string(i) + "[ab]{1000}[cd]{1000}");
    EXPECT_TRUE(Words(patterns).in("599" + std::string(1000, 'a') + std::string(1000, 'd')));
    EXPECT_FALSE(Words(patterns).in("600" + std::string(1000, 'a') + std::string(1000, 'd')));
}

TEST(Words, TitlesAreComparedWithoutCaseAndSurroundings) {
    EXPECT_TRUE(same_title("Melena", " melena. "));
    EXPECT_FALSE(same_title("Melena", "Melena since Friday"));
    EXPECT_TRUE(same_title("", " ."));
}

}  // namespace
}  // namespace proctor::rules
