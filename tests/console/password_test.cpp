#include "console/password.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "console/users.h"
#include "support/fake_entropy.h"

namespace proctor::console {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(Password, IsKnownAgainFromWhatItPrints) {
    const auto made = Password::of("correct horse battery", Salt{1, 2, 3});
    ASSERT_TRUE(made.ok());
    EXPECT_THAT(made->print(), testing::StartsWith("scrypt$32768$8$1$01020300"));
    EXPECT_THAT(made->print(), Not(HasSubstr("horse")));
    const auto again = Password::parse(made->print());
    ASSERT_TRUE(again.ok()) << describe(again.error());
    EXPECT_TRUE(again->matches("correct horse battery"));
    for (const char* wrong : {"", "correct horse batter", "correct horse battery ", "Correct horse battery"})
        EXPECT_FALSE(again->matches(wrong)) << wrong;
}

TEST(Password, OfAnotherSaltHasAnotherHash) {
    EXPECT_NE(Password::of("same", Salt{1})->print().substr(50), Password::of("same", Salt{2})->print().substr(50));
}

TEST(Password, WeakCostlyAndMalformedHashesAreRefused) {
    const std::string salt(32, '0'), hash(64, 'a');
    const auto with = [&](const std::string& cost) { return "scrypt$" + cost + '$' + salt + '$' + hash; };
    EXPECT_TRUE(Password::parse(with("32768$8$1")).ok());
    const std::pair<std::string, const char*> rows[] = {
        {with("16384$8$1"), "weaker"},
        {with("32768$4$1"), "weaker"},
        {with("32769$8$1"), "weaker"},
        {with("0$8$1"), "weaker"},
        {with("1048576$8$1"), "longer"},
        {with("32768$32$1"), "longer"},
        {with("32768$8$64"), "longer"},
        {with("32768$8"), "must be"},
        {with("32768$8$1$"), "must be"},
        {with("-1$8$1"), "must be"},
        {with("$8$1"), "must be"},
        {"bcrypt$32768$8$1$" + salt + '$' + hash, "must be"},
        {"scrypt$32768$8$1$" + salt + '$' + hash.substr(2), "must be"},
        {"scrypt$32768$8$1$" + salt + '$' + std::string(64, 'g'), "must be"},
        {"", "must be"},
        {"correct horse battery", "must be"},
    };
    for (const auto& [text, message] : rows) {
        const auto parsed = Password::parse(text);
        ASSERT_FALSE(parsed.ok()) << text;
        EXPECT_THAT(parsed.error().message, HasSubstr(message)) << text;
    }
}

TEST(Users, AreThoseOfTheFileAndNoOthers) {
    FakeEntropy entropy;
    const auto line = new_user_line("anna", {"quality", "export"}, "correct horse battery", entropy);
    ASSERT_TRUE(line.ok());
    EXPECT_THAT(*line, testing::StartsWith("anna:quality,export:scrypt$"));
    const auto users = Users::parse("# who\n\n" + *line, "/etc/users");
    ASSERT_TRUE(users.ok()) << describe(users.error());
    const User* anna = users->find("anna", "correct horse battery");
    ASSERT_NE(anna, nullptr);
    EXPECT_THAT(anna->roles, testing::ElementsAre("export", "quality"));
    EXPECT_EQ(users->find("anna", "correct horse batterY"), nullptr);
    EXPECT_EQ(users->find("Anna", "correct horse battery"), nullptr) << "the right password of somebody else";
    EXPECT_EQ(users->find("", ""), nullptr);
    EXPECT_EQ(users->find("anna", "correct horse battery" + std::string(2000, ' ')), nullptr);
}

TEST(Users, AreMadeWithAPasswordThatIsLongEnough) {
    FakeEntropy entropy;
    const auto refusal = [&](const std::string& name, const std::vector<std::string>& roles,
                             const std::string& password) {
        const auto line = new_user_line(name, roles, password, entropy);
        return line ? "no error" : line.error().message;
    };
    EXPECT_EQ(refusal("anna", {"quality"}, "123456789012"), "no error");
    EXPECT_THAT(refusal("anna", {"quality"}, "12345678901"), HasSubstr("at least 12"));
    EXPECT_THAT(refusal("anna", {"quality"}, std::string(1025, 'x')), HasSubstr("at most 1024"));
    EXPECT_THAT(refusal("an:na", {"quality"}, "123456789012"), HasSubstr("a name is"));
    EXPECT_THAT(refusal("", {"quality"}, "123456789012"), HasSubstr("a name is"));
    EXPECT_THAT(refusal(std::string(65, 'a'), {"quality"}, "123456789012"), HasSubstr("a name is"));
    EXPECT_THAT(refusal("anna", {}, "123456789012"), HasSubstr("roles are"));
    EXPECT_THAT(refusal("anna", {"admin"}, "123456789012"), HasSubstr("roles are"));
}

TEST(Users, FileFaultsNameTheLineAndRepeatNothing) {
    FakeEntropy entropy;
    const std::string line = new_user_line("anna", {"quality"}, "correct horse battery", entropy).value();
    const std::pair<std::string, const char*> rows[] = {
        {"", "users: holds no user"},
        {"# nobody\n", "users: holds no user"},
        {"\nsecret", "users, line 2: must be name:roles:hash"},
        {"anna:quality:secret", "users, line 1: must be scrypt"},
        {"anna:secret:" + line.substr(13), "users, line 1: roles are"},
        {line + '\n' + line, "users, line 2: the user stands twice"},
    };
    for (const auto& [text, message] : rows) {
        const auto users = Users::parse(text, "users");
        ASSERT_FALSE(users.ok()) << text;
        EXPECT_THAT(describe(users.error()), HasSubstr(message)) << text;
        EXPECT_THAT(describe(users.error()), Not(HasSubstr("secret")));
    }
}

}  // namespace
}  // namespace proctor::console
