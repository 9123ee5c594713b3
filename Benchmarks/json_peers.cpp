// Reads and writes the float32 numbers of a JSON array with simdjson and the standard library, once for each line
// on standard input, and prints nanoseconds a number as one JSON object.
#include <simdjson.h>

#include <charconv>
#include <chrono>
#include <cstdio>
#include <iostream>
#include <string>
#include <vector>

using Clock = std::chrono::steady_clock;

template <typename Work>
static double nanoseconds(size_t count, Work work) {
    work();
    const auto start = Clock::now();
    work();
    return std::chrono::duration<double, std::nano>(Clock::now() - start).count() / double(count);
}

static void read_simdjson(const simdjson::padded_string& text, std::vector<float>& numbers) {
    static simdjson::ondemand::parser parser;
    numbers.clear();
    auto document = parser.iterate(text);
    for (double value : document.get_array()) numbers.push_back(float(value));
}

static void read_from_chars(const std::string& text, std::vector<float>& numbers) {
    numbers.clear();
    const char* next = text.data() + 1;
    const char* const end = text.data() + text.size();
    while (next < end) {
        float value;
        const auto [rest, error] = std::from_chars(next, end, value);
        if (error != std::errc()) break;
        numbers.push_back(value);
        next = rest + 1;
    }
}

static size_t write_to_chars(const std::vector<float>& numbers, std::string& text) {
    char* next = text.data();
    for (float value : numbers) {
        next = std::to_chars(next, next + 32, value).ptr;
        *next++ = ',';
    }
    return size_t(next - text.data());
}

int main(int argc, char** argv) {
    if (argc != 2) return 2;
    const simdjson::padded_string padded = simdjson::padded_string::load(argv[1]);
    const std::string text(std::string_view(padded).data(), padded.size());
    std::vector<float> ours, theirs;
    read_simdjson(padded, ours);
    read_from_chars(text, theirs);
    if (ours != theirs || ours.empty()) return 1;
    const size_t count = ours.size();
    std::string written(count * 32, ' ');
    for (std::string line; std::getline(std::cin, line);) {
        const double on_demand = nanoseconds(count, [&] { read_simdjson(padded, ours); });
        const double from_chars = nanoseconds(count, [&] { read_from_chars(text, theirs); });
        const double to_chars = nanoseconds(count, [&] { write_to_chars(ours, written); });
        std::printf("{\"read simdjson on-demand\": %f, \"read std::from_chars\": %f, \"write std::to_chars\": %f}\n",
                    on_demand, from_chars, to_chars);
        std::fflush(stdout);
    }
}
