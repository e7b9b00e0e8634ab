package dev.parley.common.s3;

import java.util.regex.Pattern;

/**
 * What a store knows a signer by. Immutable; its text never shows the secret.
 *
 * @param id as it stands in URLs
 */
public record AccessKey(String id, String secret) {
  private static final Pattern TEXT = Pattern.compile("([A-Za-z0-9_.-]{3,128}):([!-~]{8,256})");

  /**
   * Reads {@code id:secret}.
   *
   * @throws IllegalArgumentException if it is something else; the message does not show it
   */
  public static AccessKey parse(String text) {
    var matcher = TEXT.matcher(text.strip());
    if (!matcher.matches()) {
      throw new IllegalArgumentException("an access key is written ID:SECRET");
    }
    return new AccessKey(matcher.group(1), matcher.group(2));
  }

  @Override
  public String toString() {
    return "AccessKey[" + id + "]";
  }
}
