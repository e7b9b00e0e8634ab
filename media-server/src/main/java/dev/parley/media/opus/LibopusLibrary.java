package dev.parley.media.opus;

import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import org.jspecify.annotations.Nullable;

/** Finds the system's libopus once and for all. Immutable after class initialisation. */
final class LibopusLibrary {
  private static final String[] FILE_NAMES = {
    "libopus.so.0", "libopus.so", "libopus.0.dylib", "opus.dll"
  };

  /**
   * Every function that {@link LibopusFunctions} binds; a library without one of them counts as
   * absent.
   */
  private static final String[] FUNCTIONS = {
    "opus_get_version_string",
    "opus_encoder_get_size",
    "opus_encoder_init",
    "opus_encoder_ctl",
    "opus_encode_float",
    "opus_decoder_get_size",
    "opus_decoder_init",
    "opus_decoder_ctl",
    "opus_decode_float"
  };

  private static final @Nullable SymbolLookup SYMBOLS = find();

  private LibopusLibrary() {}

  static boolean isPresent() {
    return SYMBOLS != null;
  }

  /** The library's symbols; asked only where {@link #isPresent} holds. */
  static SymbolLookup symbols() {
    SymbolLookup symbols = SYMBOLS;
    if (symbols == null) {
      throw new IllegalStateException("libopus is absent");
    }
    return symbols;
  }

  private static @Nullable SymbolLookup find() {
    for (String fileName : FILE_NAMES) {
      SymbolLookup symbols = load(fileName);
      if (symbols != null && hasAllFunctions(symbols)) {
        return symbols;
      }
    }
    return null;
  }

  @SuppressWarnings("restricted")
  private static @Nullable SymbolLookup load(String fileName) {
    try {
      return SymbolLookup.libraryLookup(fileName, Arena.global());
    } catch (IllegalArgumentException absent) {
      return null;
    }
  }

  private static boolean hasAllFunctions(SymbolLookup symbols) {
    for (String function : FUNCTIONS) {
      if (symbols.find(function).isEmpty()) {
        return false;
      }
    }
    return true;
  }
}
