package dev.parley.session.store.embedded;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/**
 * What is stored, with the changes of a group that is not written yet. The writer's thread only.
 */
final class Pending {
  private static final byte[] EMPTY = {};

  private final RocksDB file;
  private final WriteBatch writes;
  private final Map<String, Optional<byte[]>> changed = new HashMap<>();

  Pending(RocksDB file, WriteBatch writes) {
    this.file = file;
    this.writes = writes;
  }

  byte @Nullable [] get(String key) throws RocksDBException {
    Optional<byte[]> value = changed.get(key);
    return value == null ? file.get(KeyRange.bytes(key)) : value.orElse(null);
  }

  /** An item. */
  void put(String key, byte[] value) throws RocksDBException {
    changed.put(key, Optional.of(value));
    writes.put(KeyRange.bytes(key), value);
  }

  void delete(String key) throws RocksDBException {
    changed.put(key, Optional.empty());
    writes.delete(KeyRange.bytes(key));
  }

  /** An entry of an index, which no change reads. */
  void index(String key) throws RocksDBException {
    writes.put(KeyRange.bytes(key), EMPTY);
  }

  void unindex(String key) throws RocksDBException {
    writes.delete(KeyRange.bytes(key));
  }
}
