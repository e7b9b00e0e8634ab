package dev.parley.session.store.embedded;

import dev.parley.session.store.ItemRange;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;

/**
 * Keys of the file from one to another, and what they have. Keys are ASCII: what sorts as text
 * sorts as bytes.
 *
 * @param from the lowest, included
 * @param to above the highest, excluded
 */
record KeyRange(String from, String to, boolean descending) {
  /** After a key, and what it goes on with, for parts of keys begin with a space or above. */
  private static final char AFTER = '\1';

  /** Above all that begin so. */
  private static final char ABOVE_ALL = '\u007f';

  /** All that begin so, after one that does. */
  static KeyRange of(String prefix, @Nullable String after) {
    return new KeyRange(after == null ? prefix : after + AFTER, prefix + ABOVE_ALL, false);
  }

  /**
   * What an item range wants.
   *
   * @param prefix what the partition's keys begin with, before the sort key
   */
  static KeyRange of(String prefix, ItemRange range) {
    String from = range.from() == null ? "" : range.from();
    String to = range.to() == null ? String.valueOf(ABOVE_ALL) : range.to();
    if (range.after() != null) {
      String after = range.after().sort();
      if (!range.descending()) {
        from = max(from, after + AFTER);
      } else if (after.compareTo(to) < 0) {
        to = after;
      }
    }
    return new KeyRange(prefix + from, prefix + to, range.descending());
  }

  private static String max(String one, String other) {
    return one.compareTo(other) < 0 ? other : one;
  }

  static byte[] bytes(String key) {
    return key.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** Takes a key and what it has; returns false when it has enough. */
  @FunctionalInterface
  interface Reader {
    boolean read(String key, byte[] value) throws RocksDBException;
  }

  /** Shows them in order, as they were when this began. */
  void read(RocksDB file, Reader reader) throws RocksDBException {
    if (from.compareTo(to) >= 0) {
      return;
    }
    try (Slice lowest = new Slice(bytes(from));
        Slice above = new Slice(bytes(to));
        ReadOptions options =
            new ReadOptions().setIterateLowerBound(lowest).setIterateUpperBound(above);
        RocksIterator entries = file.newIterator(options)) {
      if (descending) {
        entries.seekToLast();
      } else {
        entries.seekToFirst();
      }
      while (entries.isValid()
          && reader.read(new String(entries.key(), StandardCharsets.ISO_8859_1), entries.value())) {
        if (descending) {
          entries.prev();
        } else {
          entries.next();
        }
      }
      entries.status();
    }
  }
}
