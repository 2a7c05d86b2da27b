#include <algorithm>
#include <fstream>
#include <functional>
#include <map>
#include <sstream>

#include "base/digest.h"
#include "rules/compile.h"
#include "rules/content.h"
#include "rules/parse.h"
#include "rules/schema.h"

namespace proctor::rules {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t k_revision_digits = 12;

// The content folder: reads files once and remembers their bytes for the revision.
class Folder {
public:
    Folder(fs::path root, Problems& problems) : root_(std::move(root)), problems_(problems) {}

    const std::string& read(const std::string& file) {
        std::ifstream in(root_ / file, std::ios::binary);
        std::ostringstream bytes;
        if (in) bytes << in.rdbuf();
        if (!in) problems_.add(file, "", "the file is missing or cannot be read");
        return files_[file] = bytes.str();
    }

    // Names of the entries of a subfolder, sorted. One that cannot be listed to its end is a problem, and not empty.
    [[nodiscard]] std::vector<std::string> list(const std::string& folder) const {
        std::vector<std::string> names;
        std::error_code failed;
        for (fs::directory_iterator it(root_ / folder, failed), end; !failed && it != end; it.increment(failed)) {
            const std::string name = it->path().filename().string();
            if (name.front() != '.') names.push_back(name);
        }
        if (failed) problems_.add(folder, "", "the folder cannot be read: " + failed.message());
        std::sort(names.begin(), names.end());
        return names;
    }

    [[nodiscard]] std::string revision() const {
        std::string all;
        for (const auto& [file, bytes] : files_) {
            all.append(file).append("\n").append(std::to_string(bytes.size())).append("\n").append(bytes);
        }
        return sha256_hex(all).substr(0, k_revision_digits);
    }

private:
    fs::path root_;
    Problems& problems_;
    std::map<std::string, std::string> files_;
};

class Loader {
public:
    Loader(const fs::path& root, const Schemas& schemas) : folder_(root, problems_), schemas_(schemas) {}

    Result<std::shared_ptr<const Content>> load() {
        auto content = std::make_shared<Content>();
        if (!load_shared(*content)) return problems_.error();
        load_rules(*content);
        if (!problems_.all.empty()) return problems_.error();
        content->codes.build();
        content->revision = folder_.revision();
        content->program = compile(*content);
        return std::shared_ptr<const Content>(std::move(content));
    }

private:
    using Read = std::function<void(const Reader&)>;

    // Reads one JSON file, checks it against its schema, and hands it on when it fits.
    void with(const std::string& file, std::string_view schema, const Read& read) {
        const std::size_t before = problems_.all.size();
        const std::string& text = folder_.read(file);
        if (problems_.all.size() != before) return;
        auto document = parse_json(text);
        if (!document) return problems_.add(file, document.error().where, document.error().message);
        if (schemas_.check(schema, text, file, problems_)) read(Reader(&*document, file, problems_));
    }

    struct Step {
        const char* name;
        void (*read)(const Reader&, Content&);
    };

    // Each file needs those before it, and what only follows from an earlier mistake would confuse: it stops
    // at the first with one.
    bool load_shared(Content& content) {
        static constexpr Step k_steps[] = {{"findings", read_findings},
                                           {"answers", read_answers},
                                           {"quantities", read_quantities},
                                           {"scores", read_scores},
                                           {"facts", read_facts},
                                           {"conditions", read_conditions},
                                           {"orders", read_orders},
                                           {"override-reasons", read_override_reasons},
                                           {"source-attributes", read_source_attributes}};
        with("manifest.json", "manifest", [&](const Reader& at) { read_manifest(at, content); });
        for (const std::string& name : folder_.list("valuesets")) {
            with("valuesets/" + name, "valueset", [&](const Reader& at) { read_value_set(at, content); });
        }
        for (const Step& step : k_steps) {
            if (!problems_.all.empty()) break;
            with(std::string(step.name) + ".json", step.name, [&](const Reader& at) { step.read(at, content); });
        }
        return problems_.all.empty();
    }

    // Those that the manifest lists, and no others: half a copy must not pass for the whole.
    void load_rules(Content& content) {
        const auto& listed = content.manifest.rules;
        const auto found = folder_.list("rules");
        if (!problems_.all.empty()) return;
        const auto is_in = [](const auto& ids, const std::string& id) {
            return std::find(ids.begin(), ids.end(), id) != ids.end();
        };
        if (listed.empty()) problems_.add("manifest.json", "/rules", "no rule is listed");
        for (const std::string& id : listed) {
            if (!is_in(found, id)) problems_.add("rules/" + id, "", "manifest.json lists this rule, and it is missing");
        }
        for (const std::string& id : found) {
            if (is_in(listed, id)) {
                load_rule("rules/" + id + "/", content);
            } else {
                problems_.add("rules/" + id, "",
                              "manifest.json does not list this rule; add \"" + id + "\" to its \"rules\"");
            }
        }
        const auto by_code = [](const LoadedRule& a, const LoadedRule& b) { return a.rule.code < b.rule.code; };
        std::sort(content.rules.begin(), content.rules.end(), by_code);
        if (!problems_.all.empty()) return;
        for (const LoadedRule& rule : content.rules) check_absorbs(rule, content);
    }

    void load_rule(const std::string& folder, Content& content) {
        LoadedRule rule;
        const std::size_t before = problems_.all.size();
        with(folder + "rule.json", "rule", [&](const Reader& at) { rule.rule = read_rule(at, content); });
        if (problems_.all.size() != before) return;
        with(folder + "text.en.json", "text", [&](const Reader& at) { rule.text = read_text(at, rule.rule); });
        with(folder + "cases.json", "cases", [&](const Reader& at) { rule.cases = read_cases(at, rule.rule); });
        rule.evidence = folder_.read(folder + "evidence.md");
        content.rules.push_back(std::move(rule));
    }

    // Rules may name each other, so this comes after all were read.
    void check_absorbs(const LoadedRule& rule, const Content& content) {
        std::vector<std::string> codes;
        for (const LoadedRule& other : content.rules) codes.push_back(other.rule.code);
        for (std::size_t i = 0; i < rule.rule.decide.size(); ++i) {
            const auto& absorbs = rule.rule.decide[i].absorbs;
            for (std::size_t j = 0; j < absorbs.size(); ++j) {
                const auto it = std::find(codes.begin(), codes.end(), absorbs[j]);
                const std::string pointer = "/decide/" + std::to_string(i) + "/absorbs/" + std::to_string(j);
                const std::string file = "rules/" + rule.rule.id + "/rule.json";
                if (it == codes.end()) {
                    problems_.add(file, pointer, unknown_name("rule", absorbs[j], codes));
                } else if (content.rules[static_cast<std::size_t>(it - codes.begin())].text.absorbed.empty()) {
                    problems_.add(file, pointer, "the text of " + absorbs[j] + " has no \"absorbed\" line");
                }
            }
        }
    }

    Problems problems_;
    Folder folder_;
    const Schemas& schemas_;
};

}  // namespace

Result<std::shared_ptr<const Content>> load_content(const fs::path& directory) {
    std::error_code failed;
    if (!fs::is_directory(directory, failed)) return Error{"there is no such folder", directory.string()};
    auto schemas = Schemas::load(directory / "schemas");
    if (!schemas) return schemas.error();
    return Loader(directory, **schemas).load();
}

}  // namespace proctor::rules
