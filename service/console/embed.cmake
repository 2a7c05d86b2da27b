# Writes OUT, a C++ file with the bytes of everything below WEB and of the libraries of MODULES:
#   cmake -D WEB=... -D MODULES=... -D OUT=... -P embed.cmake
set(types ".html=text/html" ".css=text/css" ".js=text/javascript" ".svg=image/svg+xml" ".json=application/json")
set(entries "")

macro(embed file path)
  get_filename_component(ending "${file}" LAST_EXT)
  set(type "")
  foreach(pair ${types})
    if(pair MATCHES "^\\${ending}=(.*)$")
      set(type "${CMAKE_MATCH_1}; charset=utf-8")
    endif()
  endforeach()
  if(type STREQUAL "")
    message(FATAL_ERROR "${file}: no content type is known for ${ending}")
  endif()
  file(READ "${file}" hex HEX)
  file(SIZE "${file}" size)
  string(REGEX REPLACE "(..)" "\\\\x\\1" literal "${hex}")
  string(APPEND entries "    {\"${path}\", \"${type}\", {\"${literal}\", ${size}}},\n")
endmacro()

file(GLOB_RECURSE files RELATIVE "${WEB}" "${WEB}/*")
list(SORT files)
foreach(file ${files})
  embed("${WEB}/${file}" "/${file}")
endforeach()
embed("${MODULES}/chart.js/dist/chart.umd.js" "/vendor/chart.js")
embed("${MODULES}/marked/lib/marked.umd.js" "/vendor/marked.js")
embed("${MODULES}/dompurify/dist/purify.min.js" "/vendor/purify.js")

file(WRITE "${OUT}" "// Made by service/console/embed.cmake.
#include \"console/assets.h\"

namespace proctor::console {
namespace {

constexpr Asset k_assets[] = {
${entries}};

}  // namespace

const Asset* find_asset(std::string_view path) {
    if (path == \"/\") path = \"/index.html\";
    for (const Asset& asset : k_assets) {
        if (asset.path == path) return &asset;
    }
    return nullptr;
}

}  // namespace proctor::console
")
