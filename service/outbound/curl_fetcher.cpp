#include "outbound/curl_fetcher.h"

#include <algorithm>
#include <chrono>
#include <list>
#include <memory>
#include <string_view>

#include "base/limits.h"
#include "base/waiting.h"
#include "outbound/url.h"

namespace proctor::outbound {
namespace {

bool is_bearer(std::string_view token) {
    constexpr std::string_view k_token = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._~+/=-";
    return token.size() <= limits::k_bearer_bytes && token.find_first_not_of(k_token) == std::string_view::npos;
}

std::optional<Url> allowed_url(const Get& request) {
    auto url = parse_url(request.url);
    if (!url || request.base.empty()) return url;
    const auto base = parse_url(request.base);
    return base && is_below(*base, *url) ? url : std::nullopt;
}

// What fails or answers together: all that one client asks below one base of the configuration, or one URL. What it
// brings says nothing of another client, of another base on the same host, nor of a key set.
std::string server_of(const Get& request) {
    const std::string& server = request.base.empty() ? request.url : request.base;
    return request.client.empty() ? server : server + " for " + request.client;
}

// An IP address for a host, which needs no resolver.
std::optional<Address> literal(const std::string& host) {
    return parse_address(host.front() == '[' ? host.substr(1, host.size() - 2) : host);
}

}  // namespace

CurlFetcher::CurlFetcher(Resolver& resolver, const Clock& clock, std::string ca_file)
    : resolver_(resolver), ca_file_(std::move(ca_file)), breaker_(clock) {}

std::vector<Fetched> CurlFetcher::get(const std::vector<Get>& requests, SteadyTime deadline) {
    // Too late to ask is nothing that a server did.
    if (std::chrono::steady_clock::now() >= deadline) return std::vector<Fetched>(requests.size(), Failure::timeout);
    const auto batch = std::make_shared<Batch>(requests.size());
    Call call;
    call.asked.resize(requests.size());
    for (std::size_t i = 0; i < requests.size(); ++i) {
        const auto failure = start(requests[i], {batch, i, deadline}, call);
        if (failure) batch->set(i, *failure);
    }
    auto answers = wait_for([&] { return batch->await(deadline); });
    record(call, answers);
    return answers;
}

// A call counts once for each server, whatever number of searches it made there: well if one of them was answered.
void CurlFetcher::record(const Call& call, const std::vector<Fetched>& answers) {
    std::map<std::string, const Fetched*> outcomes;
    for (std::size_t i = 0; i < answers.size(); ++i) {
        if (call.asked[i].empty() || answers[i] == Fetched(Failure::crowded)) continue;
        const Fetched*& outcome = outcomes[call.asked[i]];
        if (outcome == nullptr || std::holds_alternative<Reply>(answers[i])) outcome = &answers[i];
    }
    for (const auto& [server, outcome] : outcomes) breaker_.record(server, *outcome);
}

bool CurlFetcher::admit(const std::string& server, Call& call) {
    const auto [known, first] = call.admitted.try_emplace(server, false);
    if (first) known->second = breaker_.admit(server);
    return known->second;
}

std::optional<Failure> CurlFetcher::start(const Get& request, Destination to, Call& call) {
    const auto url = allowed_url(request);
    if (!url) return Failure::not_allowed;
    if (!is_bearer(request.bearer)) return Failure::bad_token;
    const std::string server = server_of(request);
    if (!admit(server, call)) return Failure::circuit_open;
    call.asked[to.place] = server;
    const auto& resolved = addresses_of(url->host, to.deadline, call);
    if (const auto* failure = std::get_if<Failure>(&resolved)) return *failure;
    const auto& addresses = std::get<std::vector<Address>>(resolved);
    const bool fine = std::all_of(addresses.begin(), addresses.end(),
                                  [&](const Address& address) { return may_call(address, request.private_address); });
    if (!fine) return Failure::address;
    std::list<Transfer> transfer;
    transfer.emplace_back(request, *url, addresses, ca_file_, std::move(to));
    if (!transfer.front().ready()) return Failure::connect;
    loop_.start(std::move(transfer));
    return std::nullopt;
}

const Resolved& CurlFetcher::addresses_of(const std::string& host, SteadyTime deadline, Call& call) {
    auto& names = call.names;
    const auto known = names.find(host);
    if (known != names.end()) return known->second;
    const auto number = literal(host);
    const auto look_up = [&] { return wait_for([&] { return resolver_.resolve(host, deadline); }); };
    return names.emplace(host, number ? Resolved(std::vector<Address>{*number}) : look_up()).first->second;
}

}  // namespace proctor::outbound
