package dev.parley.media.record;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What one chunk of a track's sealed file holds: whole pages of its Ogg file, and notes.
 *
 * @param pages may be empty
 */
@SuppressWarnings("ArrayRecordComponent") // Handed on, never compared.
record TrackChunk(byte[] pages, List<TrackNote> notes) {
  private static final int BEGAN = 1;
  private static final int LEVELS = 2;
  private static final int GAP = 3;
  private static final int PAUSED = 4;
  private static final int RESUMED = 5;
  private static final int ENDED = 6;
  private static final int HEARD = 7;
  private static final int SILENT = 8;

  TrackChunk {
    notes = List.copyOf(notes);
  }

  byte[] encode() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(pages.length + 64);
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeInt(pages.length);
      out.write(pages);
      for (TrackNote note : notes) {
        write(note, out);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("memory does not fail", e);
    }
    return bytes.toByteArray();
  }

  private static void write(TrackNote note, DataOutputStream out) throws IOException {
    switch (note) {
      case TrackNote.Began began -> {
        out.writeByte(BEGAN);
        out.writeLong(began.unixMs());
        out.writeUTF(began.name());
        out.writeByte(began.channels());
        out.writeShort(began.preSkipSamples());
      }
      case TrackNote.Levels levels -> {
        out.writeByte(LEVELS);
        out.writeShort(levels.levels().size());
        for (byte level : levels.levels()) {
          out.writeByte(level);
        }
      }
      case TrackNote.Gap gap -> {
        out.writeByte(GAP);
        out.writeLong(gap.position());
        out.writeLong(gap.samples());
        out.writeByte(gap.cause().code());
      }
      case TrackNote.Paused paused -> {
        out.writeByte(PAUSED);
        out.writeLong(paused.position());
        out.writeLong(paused.unixMs());
      }
      case TrackNote.Resumed resumed -> {
        out.writeByte(RESUMED);
        out.writeLong(resumed.position());
        out.writeLong(resumed.unixMs());
      }
      case TrackNote.Ended ended -> {
        out.writeByte(ENDED);
        out.writeLong(ended.samples());
        out.writeLong(ended.unixMs());
        out.writeByte(ended.cause().code());
      }
      case TrackNote.Heard heard -> {
        out.writeByte(HEARD);
        out.writeLong(heard.position());
        out.writeUTF(heard.participant());
      }
      case TrackNote.Silent silent -> {
        out.writeByte(SILENT);
        out.writeLong(silent.position());
        out.writeUTF(silent.participant());
      }
    }
  }

  /**
   * Reads what {@link #encode} wrote.
   *
   * @throws IOException if it is nothing of the kind, which only another version can have sealed
   */
  static TrackChunk decode(byte[] bytes) throws IOException {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
    int length = in.readInt();
    if (length < 0 || length > bytes.length) {
      throw new IOException("pages of " + length + " bytes in a chunk of " + bytes.length);
    }
    byte[] pages = in.readNBytes(length);
    List<TrackNote> notes = new ArrayList<>();
    while (in.available() > 0) {
      notes.add(read(in));
    }
    return new TrackChunk(pages, notes);
  }

  private static TrackNote read(DataInputStream in) throws IOException {
    int kind = in.readByte();
    return switch (kind) {
      case BEGAN ->
          new TrackNote.Began(in.readLong(), in.readUTF(), in.readByte(), in.readUnsignedShort());
      case LEVELS -> {
        int count = in.readUnsignedShort();
        List<Byte> levels = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
          levels.add(in.readByte());
        }
        yield new TrackNote.Levels(levels);
      }
      case GAP -> new TrackNote.Gap(in.readLong(), in.readLong(), gapCause(in.readByte()));
      case PAUSED -> new TrackNote.Paused(in.readLong(), in.readLong());
      case RESUMED -> new TrackNote.Resumed(in.readLong(), in.readLong());
      case ENDED -> new TrackNote.Ended(in.readLong(), in.readLong(), endCause(in.readByte()));
      case HEARD -> new TrackNote.Heard(in.readLong(), in.readUTF());
      case SILENT -> new TrackNote.Silent(in.readLong(), in.readUTF());
      default -> throw new IOException("a note of unknown kind " + kind);
    };
  }

  private static GapCause gapCause(int code) throws IOException {
    for (GapCause cause : GapCause.values()) {
      if (cause.code() == code) {
        return cause;
      }
    }
    throw new IOException("a gap of unknown cause " + code);
  }

  private static TrackNote.EndCause endCause(int code) throws IOException {
    for (TrackNote.EndCause cause : TrackNote.EndCause.values()) {
      if (cause.code() == code) {
        return cause;
      }
    }
    throw new IOException("an end of unknown cause " + code);
  }
}
