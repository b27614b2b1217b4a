{
  "targets": [
    {
      "target_name": "demuxer",
      "sources": [
        "native/addon.cc",
        "native/base64.cc",
        "native/chunk_writer.cc",
        "native/content_sink.cc",
        "native/demuxer.cc",
        "native/escaped_item.cc",
        "native/frame.cc",
        "native/json.cc",
        "native/line_counter.cc",
        "native/options.cc",
        "native/retention.cc",
        "native/stamp_reader.cc",
        "native/timestamp.cc",
        "native/unread.cc",
        "native/utf8.cc",
        "native/utf8_counter.cc"
      ],
      "include_dirs": ["<!(node -p \"require('node-addon-api').include_dir\")"],
      "defines": ["NAPI_VERSION=8", "NAPI_CPP_EXCEPTIONS"],
      "cflags": ["-Wall", "-Wextra", "-fvisibility=hidden"],
      "cflags!": ["-fno-exceptions"],
      "cflags_cc!": ["-fno-exceptions", "-std=gnu++14", "-std=gnu++17", "-std=gnu++20"],
      "cflags_cc": ["-std=c++17", "-O3"],
      "xcode_settings": {
        "CLANG_CXX_LANGUAGE_STANDARD": "c++17",
        "CLANG_CXX_LIBRARY": "libc++",
        "GCC_ENABLE_CPP_EXCEPTIONS": "YES",
        "GCC_OPTIMIZATION_LEVEL": "3",
        "GCC_SYMBOLS_PRIVATE_EXTERN": "YES",
        "MACOSX_DEPLOYMENT_TARGET": "11.0"
      },
      "msvs_settings": {
        "VCCLCompilerTool": { "ExceptionHandling": 1, "AdditionalOptions": ["/std:c++17"] }
      }
    }
  ]
}
