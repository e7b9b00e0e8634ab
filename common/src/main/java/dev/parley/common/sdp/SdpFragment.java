package dev.parley.common.sdp;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The part of a session description that tells of ICE alone (RFC 8840 §9). Candidates are read
 * over: media servers are ICE-lite, and learn a client's addresses from its checks. Immutable.
 *
 * @param group the value of {@code a=group}, or null
 * @param media what stands in the first {@code m=} line, or null
 * @param mid of the same, or null
 * @param fragment the client's ICE user name fragment, or null
 * @param password null if and only if the fragment is
 */
public record SdpFragment(
    @Nullable String group,
    @Nullable String media,
    @Nullable String mid,
    @Nullable String fragment,
    @Nullable String password) {
  /** A candidate has about 200 characters. */
  private static final int LINE_LENGTH_MAX = 2048;

  private static final Pattern FRAGMENT = Pattern.compile("[A-Za-z0-9+/]{4,256}");
  private static final Pattern PASSWORD = Pattern.compile("[A-Za-z0-9+/]{22,256}");
  private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`{|}~A-Za-z0-9-]{1,16}");
  private static final Pattern GROUP =
      Pattern.compile("BUNDLE( [!#$%&'*+.^_`{|}~A-Za-z0-9-]{1,16}){1,64}");
  private static final Pattern MEDIA =
      Pattern.compile("audio [0-9]{1,5} [A-Z/]{3,40}( [0-9]{1,3}){1,128}");

  /**
   * Reads a fragment.
   *
   * @throws IllegalArgumentException saying what to change
   */
  public static SdpFragment parse(String text) {
    List<String> lines = lines(text);
    String fragment = first(lines, "a=ice-ufrag:");
    String password = first(lines, "a=ice-pwd:");
    if ((fragment == null) != (password == null)) {
      throw malformed("Give a=ice-ufrag and a=ice-pwd together.");
    }
    require(fragment, FRAGMENT, "Give a=ice-ufrag 4 to 256 letters, digits, '+' or '/'.");
    require(password, PASSWORD, "Give a=ice-pwd 22 to 256 letters, digits, '+' or '/'.");
    String group = first(lines, "a=group:");
    require(group, GROUP, "Write a=group as BUNDLE and the mids.");
    String media = first(lines, "m=");
    require(media, MEDIA, "Write m= as in the offer.");
    String mid = first(lines, "a=mid:");
    require(mid, TOKEN, "Give a=mid as in the offer.");
    return new SdpFragment(group, media, mid, fragment, password);
  }

  /**
   * Writes the other side's half of an ICE restart, with the same lines around it.
   *
   * @param candidates values of {@code a=candidate}
   */
  public String answer(String ownFragment, String ownPassword, List<String> candidates) {
    StringBuilder text = new StringBuilder();
    line(text, "a=ice-lite");
    line(text, "a=ice-options:ice2");
    if (group != null) {
      line(text, "a=group:" + group);
    }
    if (media != null) {
      line(text, "m=" + media);
    }
    if (mid != null) {
      line(text, "a=mid:" + mid);
    }
    line(text, "a=ice-ufrag:" + ownFragment);
    line(text, "a=ice-pwd:" + ownPassword);
    if (media != null) {
      // They belong to an m-line; without them those of the answer go on.
      candidates.forEach(candidate -> line(text, "a=candidate:" + candidate));
      line(text, "a=end-of-candidates");
    }
    return text.toString();
  }

  private static void line(StringBuilder text, String content) {
    text.append(content).append("\r\n");
  }

  private static List<String> lines(String text) {
    List<String> lines = new ArrayList<>();
    for (String line : text.lines().toList()) {
      if (line.length() > LINE_LENGTH_MAX) {
        throw malformed("Shorten each line to " + LINE_LENGTH_MAX + " characters.");
      }
      boolean isLine = line.length() > 1 && line.charAt(1) == '=' && isLetter(line.charAt(0));
      if (!isLine || line.chars().anyMatch(Character::isISOControl)) {
        throw malformed("Write each line as a lower-case letter, '=' and a value.");
      }
      lines.add(line);
    }
    return lines;
  }

  private static boolean isLetter(char c) {
    return c >= 'a' && c <= 'z';
  }

  private static @Nullable String first(List<String> lines, String prefix) {
    for (String line : lines) {
      if (line.startsWith(prefix)) {
        return line.substring(prefix.length());
      }
    }
    return null;
  }

  private static void require(@Nullable String value, Pattern shape, String detail) {
    Predicate<String> fits = shape.asMatchPredicate();
    if (value != null && !fits.test(value)) {
      throw malformed(detail);
    }
  }

  private static IllegalArgumentException malformed(String detail) {
    return new IllegalArgumentException(detail);
  }
}
