package dev.parley.common.id;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The region in whose library the names and texts are of what an identifier stands for. It is what
 * follows the identifier's last dot, so that nobody who has the identifier needs to ask; of one
 * without a dot they are in the primary region's. Stateless.
 */
public final class MetadataRegion {
  /** What such a region's name is like: with it, every identifier keeps to its 64 characters. */
  public static final String PATTERN = "[a-z0-9][a-z0-9-]{0,23}";

  private static final Pattern NAME = Pattern.compile(PATTERN);
  private static final char MARK = '.';

  /** What of ours is marked: anything else that has a dot in it is somebody's own word. */
  private static final Pattern MARKED =
      Pattern.compile("[a-z]{2}_[A-Za-z0-9_-]{1,40}\\.(" + PATTERN + ")");

  private MetadataRegion() {}

  /** Returns the region that an identifier of any origin names; null if it names none. */
  public static @Nullable String of(String identifier) {
    if (identifier.indexOf(MARK) < 0) {
      return null;
    }
    Matcher marked = MARKED.matcher(identifier);
    return marked.matches() ? marked.group(1) : null;
  }

  /** Returns an identifier that has no region yet with one, or as it is if that is null. */
  public static String mark(String identifier, @Nullable String region) {
    if (region == null) {
      return identifier;
    }
    if (!isName(region)) {
      throw new IllegalArgumentException("no region that has a library: " + region);
    }
    return identifier + MARK + region;
  }

  /** Returns an identifier without its region. */
  public static String unmarked(String identifier) {
    String region = of(identifier);
    return region == null
        ? identifier
        : identifier.substring(0, identifier.length() - region.length() - 1);
  }

  /** True if a region of that name may have a library. */
  public static boolean isName(String text) {
    return NAME.matcher(text).matches();
  }
}
