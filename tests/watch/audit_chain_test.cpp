#include "watch/audit_chain.h"

#include <gtest/gtest.h>

#include "watch/audit_trail.h"

namespace proctor::watch {
namespace {

std::string_view trim(const std::string& line) { return std::string_view(line).substr(0, line.size() - 1); }

TEST(AuditChain, ALineHoldsTheHashOfTheOneBefore) {
    Place place;
    const auto first = write_event_line(place, R"({"recorded":"A"})");
    EXPECT_EQ(first, R"({"n":1,"previous":")" + std::string(64, '0') + R"(","event":{"recorded":"A"},"hash":")" +
                         place.hash + "\"}\n");
    const std::string hash = place.hash;
    const auto second = write_event_line(place, "{}");
    EXPECT_NE(second.find(R"({"n":2,"previous":")" + hash), std::string::npos);
    EXPECT_EQ(place.n, 2U);
}

TEST(AuditChain, WhatWasWrittenIsReadAndFollows) {
    Place written, read;
    const std::string lines[] = {write_event_line(written, R"({"recorded":"A"})"),
                                 write_head_line(written, audit_key(), WallTime{}, true)};
    for (const auto& text : lines) {
        const auto line = read_line(trim(text));
        ASSERT_TRUE(line.has_value()) << text;
        EXPECT_TRUE(follow(read, *line).ok());
    }
    EXPECT_EQ(read.hash, written.hash);
    EXPECT_EQ(read.head, 2U);
    EXPECT_TRUE(read.closed);
    EXPECT_EQ(read_line(trim(lines[0]))->recorded, "A");
}

TEST(AuditChain, AHeadSignsEverythingBeforeItsSignature) {
    Place place;
    const auto text = write_head_line(place, audit_key(), WallTime{}, false);
    const auto line = read_line(trim(text));
    ASSERT_TRUE(line && line->head);
    EXPECT_FALSE(line->head->closed);
    EXPECT_EQ(line->head->key, audit_key().id());
    EXPECT_EQ(line->recorded, "1970-01-01T00:00:00.000Z");
    EXPECT_TRUE(line->head->signed_text.starts_with(R"({"n":1,"previous":"000)"));
    EXPECT_TRUE(audit_key(k_audit_public_pem).verify(line->head->signed_text, line->head->signature));
}

TEST(AuditChain, OtherLinesDoNotFollow) {
    Place place, other;
    const auto first = write_event_line(place, "{}");
    (void)write_event_line(other, R"({"a":1})");
    const auto second = write_event_line(other, "{}");
    Place read;
    EXPECT_FALSE(follow(read, *read_line(trim(second))).ok()) << "a number is left out";
    ASSERT_TRUE(follow(read, *read_line(trim(first))).ok());
    EXPECT_FALSE(follow(read, *read_line(trim(second))).ok()) << "the line before is another";
    EXPECT_FALSE(follow(read, *read_line(trim(first))).ok()) << "a second time";
    EXPECT_EQ(read.n, 1U);
}

TEST(AuditChain, OnlyWholeLinesAreRead) {
    Place place;
    const auto line = write_event_line(place, "{}");
    for (std::size_t size = 0; size + 1 < line.size(); ++size)
        EXPECT_FALSE(read_line(std::string_view(line).substr(0, size)).has_value()) << size;
    EXPECT_FALSE(read_line(line).has_value()) << "a line feed is none of it";
    EXPECT_FALSE(read_line(" " + std::string(trim(line))).has_value());
}

TEST(AuditChain, APlaceCanBeNotedAndReadAgain) {
    Place place;
    (void)write_event_line(place, "{}");
    const auto noted = read_place(print(place));
    ASSERT_TRUE(noted.has_value());
    EXPECT_EQ(noted->n, 1U);
    EXPECT_EQ(noted->hash, place.hash);
    for (const auto& wrong : {std::string(), "1:" + place.hash + "0", "1:" + std::string(64, 'G'), place.hash,
                              "01:" + place.hash, "-1:" + place.hash, "0:" + place.hash})
        EXPECT_FALSE(read_place(wrong).has_value()) << wrong;
}

}  // namespace
}  // namespace proctor::watch
