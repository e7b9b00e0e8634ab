package dev.parley.common.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An identity that lies in files, read again when these have changed. Files are written one after
 * the other, so what does not fit together is left until they change again, and what was read last
 * goes on. Thread-safe.
 */
final class TlsFiles {
  private static final Logger LOG = LoggerFactory.getLogger(TlsFiles.class);

  /** Handshakes look no oftener whether a file has changed. */
  static final long LOOK_INTERVAL_NS = TimeUnit.SECONDS.toNanos(1);

  /** Reads the files. */
  @FunctionalInterface
  interface Reader {
    TlsIdentity read() throws IOException;
  }

  private final List<Path> files;
  private final Reader reader;
  private final LongSupplier nanoClock;
  private final LongAdder renewals = new LongAdder();
  private final LongAdder failures = new LongAdder();
  private volatile TlsIdentity identity;
  private volatile TlsIdentity before;

  // Of whoever holds the lock.

  private final ReentrantLock looking = new ReentrantLock();
  private List<Object> stamps;
  private long lookedAtNs;

  /** Reads them for the first time. */
  TlsFiles(List<Path> files, Reader reader, LongSupplier nanoClock) throws IOException {
    this.files = List.copyOf(files);
    this.reader = reader;
    this.nanoClock = nanoClock;
    stamps = stamps();
    lookedAtNs = nanoClock.getAsLong();
    identity = reader.read();
    before = identity;
  }

  /** Returns what lies in the files now, as far as it is good. */
  TlsIdentity current() {
    // If somebody looks just now, what there was will do.
    if (looking.tryLock()) {
      try {
        long nowNs = nanoClock.getAsLong();
        if (nowNs - lookedAtNs >= LOOK_INTERVAL_NS) {
          lookedAtNs = nowNs;
          look();
        }
      } finally {
        looking.unlock();
      }
    }
    return identity;
  }

  /** Returns what was read before that: a handshake may have begun with it. */
  TlsIdentity before() {
    return before;
  }

  long renewalCount() {
    return renewals.sum();
  }

  long failureCount() {
    return failures.sum();
  }

  private void look() {
    List<Object> now = stamps();
    if (now.equals(stamps)) {
      return;
    }
    stamps = now;
    try {
      TlsIdentity read = reader.read();
      before = identity;
      identity = read;
      renewals.increment();
      LOG.info("certificate renewed, good until {}", read.expiresAt());
    } catch (IOException e) {
      failures.increment();
      LOG.warn("certificate not renewed, the one before goes on: {}", message(e));
    }
  }

  private static String message(IOException e) {
    Throwable cause = e.getCause();
    return e.getMessage() + (cause == null ? "" : ": " + cause.getMessage());
  }

  /** What changes when a file does; a file that is missing has a stamp, too. */
  private List<Object> stamps() {
    List<Object> found = new ArrayList<>();
    for (Path file : files) {
      found.add(Objects.requireNonNullElse(stamp(file), "missing"));
    }
    return found;
  }

  private static @Nullable Object stamp(Path file) {
    try {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      Object key = Objects.requireNonNullElse(attributes.fileKey(), "");
      return List.of(attributes.lastModifiedTime(), attributes.size(), key);
    } catch (IOException e) {
      return null;
    }
  }
}
