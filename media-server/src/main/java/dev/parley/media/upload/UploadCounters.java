package dev.parley.media.upload;

import java.util.concurrent.atomic.LongAdder;

/** What the uploader counts. Thread-safe. */
final class UploadCounters {
  final LongAdder tracks = new LongAdder();
  final LongAdder parts = new LongAdder();
  final LongAdder partsKnown = new LongAdder();
  final LongAdder failures = new LongAdder();
  final LongAdder different = new LongAdder();
  final LongAdder damaged = new LongAdder();
}
