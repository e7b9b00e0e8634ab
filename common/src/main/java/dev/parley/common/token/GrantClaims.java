package dev.parley.common.token;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Grants as the claim of a token. Stateless. */
final class GrantClaims {
  private static final String AUDIO = "audio";
  private static final String MODERATE = "moderate";
  private static final String CHAT = "chat";
  private static final String FILES = "files";
  private static final String SPATIAL = "spatial";
  private static final String RECORD = "record";

  private GrantClaims() {}

  static Map<String, Object> write(Grants grants) {
    Map<String, Object> claim = new LinkedHashMap<>();
    claim.put(AUDIO, grants.audio().name().toLowerCase(Locale.ROOT));
    claim.put(MODERATE, grants.moderate());
    claim.put(CHAT, grants.chat());
    claim.put(FILES, grants.files());
    claim.put(SPATIAL, grants.spatial());
    claim.put(RECORD, grants.record());
    return claim;
  }

  /**
   * Reads the claim; grants that are not known are for others to read.
   *
   * @param usual what holds for what it leaves out
   * @throws IllegalArgumentException naming the grant that is wrong
   */
  static Grants read(@Nullable Map<String, Object> claim, Grants usual) {
    if (claim == null) {
      return usual;
    }
    AudioGrant audio = usual.audio();
    if (claim.get(AUDIO) instanceof String text) {
      audio = audio(text);
    } else if (claim.containsKey(AUDIO)) {
      throw new IllegalArgumentException("grants.audio must be text");
    }
    return new Grants(
        audio,
        flag(claim, MODERATE, usual.moderate()),
        flag(claim, CHAT, usual.chat()),
        flag(claim, FILES, usual.files()),
        flag(claim, SPATIAL, usual.spatial()),
        flag(claim, RECORD, usual.record()));
  }

  private static AudioGrant audio(String text) {
    for (AudioGrant audio : AudioGrant.values()) {
      if (audio.name().toLowerCase(Locale.ROOT).equals(text)) {
        return audio;
      }
    }
    throw new IllegalArgumentException("grants.audio is none of the known ones");
  }

  private static boolean flag(Map<String, Object> claim, String name, boolean otherwise) {
    if (claim.get(name) instanceof Boolean flag) {
      return flag;
    }
    if (claim.containsKey(name)) {
      throw new IllegalArgumentException("grants." + name + " must be true or false");
    }
    return otherwise;
  }
}
