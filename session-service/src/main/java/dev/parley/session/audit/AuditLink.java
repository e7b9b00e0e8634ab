package dev.parley.session.audit;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * Entries that were written at once, bound to all that came before by a hash.
 *
 * @param chain of which it is a part
 * @param number its place, from 1
 * @param previous the hash of the link before, or {@link #NONE}
 * @param hash SHA-256 of everything else, in hex; see {@link #hashOf}
 */
public record AuditLink(
    AuditChain chain, long number, String previous, List<AuditEntry> entries, String hash) {
  /** What stands in the first link for the hash of the one before. */
  public static final String NONE = "0".repeat(64);

  private static final String VERSION = "parley-audit-1";

  public AuditLink {
    entries = List.copyOf(entries);
  }

  /** Makes the first link of a chain. */
  static AuditLink first(AuditChain chain, List<AuditEntry> entries) {
    return new AuditLink(chain, 1, NONE, entries, hashOf(chain, 1, NONE, entries));
  }

  /** Makes the link after this one. */
  AuditLink next(List<AuditEntry> following) {
    return new AuditLink(
        chain, number + 1, hash, following, hashOf(chain, number + 1, hash, following));
  }

  /** Returns true if the hash is that of the rest. */
  public boolean isWhole() {
    return hash.equals(hashOf(chain, number, previous, entries));
  }

  /**
   * Returns SHA-256 of lines in UTF-8, each ended by a line feed: {@code parley-audit-1}, day,
   * shard, number and previous hash, then of each entry time, tenant, actor, action, object,
   * outcome and request id.
   */
  private static String hashOf(
      AuditChain chain, long number, String previous, List<AuditEntry> entries) {
    StringBuilder lines = new StringBuilder();
    for (Object line : List.of(VERSION, chain.day(), chain.shard(), number, previous)) {
      lines.append(line).append('\n');
    }
    for (AuditEntry entry : entries) {
      for (Object line :
          List.of(
              entry.at(),
              entry.tenant(),
              entry.actor(),
              entry.action(),
              entry.object(),
              entry.outcome(),
              entry.requestId())) {
        lines.append(line).append('\n');
      }
    }
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      byte[] bytes = lines.toString().getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(sha256.digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this JVM has no SHA-256", e);
    }
  }
}
