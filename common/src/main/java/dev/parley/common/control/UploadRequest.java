package dev.parley.common.control;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a media server needs to get a track of a recording to its object store. Any session node can
 * answer it, and it may be asked again: nothing is done twice.
 *
 * @param id names the question in the {@link UploadAnswer}; from 1
 */
public record UploadRequest(long id, Track track, Wish wish) implements MediaMessage {
  /** Most steps in one {@link Sign}. */
  public static final int STEPS_MAX = 16;

  /** Parts are numbered from 1 to this. */
  public static final int PARTS_MAX = 10_000;

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9_.-]{0,127}");
  private static final Pattern HASH = Pattern.compile("[A-Za-z0-9+/]{43}=");
  private static final Pattern CHECKSUM = Pattern.compile("[A-Za-z0-9+/]{43}=(-[0-9]{1,5})?");
  private static final Pattern UPLOAD_ID = Pattern.compile("[!-~]{1,1024}");
  private static final Pattern DETAIL = Pattern.compile("[ -~]{0,200}");

  public UploadRequest {
    Ranges.requireAtLeast(1, id, "id");
    requireNonNull(track, "track");
    requireNonNull(wish, "wish");
  }

  /**
   * A track, or the part of it that one media server recorded.
   *
   * @param recording up to 128 letters, digits, points, dashes and underscores
   * @param segment from 1: a recording whose server died goes on in the next
   * @param name of the track, written like the recording's
   */
  public record Track(String recording, int segment, String name) {
    public Track {
      requireMatch(NAME, recording, "recording");
      Ranges.requireAtLeast(1, segment, "segment");
      requireMatch(NAME, name, "name");
    }
  }

  /** What is wished. */
  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = SpoolKey.class, name = "spool-key"),
    @JsonSubTypes.Type(value = Locate.class, name = "locate"),
    @JsonSubTypes.Type(value = Sign.class, name = "sign"),
    @JsonSubTypes.Type(value = Finish.class, name = "finish"),
    @JsonSubTypes.Type(value = Abandon.class, name = "abandon")
  })
  public sealed interface Wish permits SpoolKey, TrackWish {}

  /** What is wished for the track's objects. */
  public sealed interface TrackWish extends Wish permits Locate, Sign, Finish, Abandon {}

  /** The key that the recording is sealed with in the spool: the same for all of its tracks. */
  public record SpoolKey() implements Wish {}

  /** Where the track's objects belong, for those who sign requests themselves. */
  public record Locate() implements TrackWish {}

  /** Signed requests to the store, one for each step and in their order. */
  public record Sign(List<Step> steps) implements TrackWish {
    public Sign {
      steps = List.copyOf(steps);
      Ranges.requireBetween(1, STEPS_MAX, steps.size(), "steps");
    }
  }

  /**
   * All is at the store: it is to be compared, and the objects are to become available.
   *
   * @param gaps places where sound is missing
   * @param inParts true if an upload in parts was ever begun, which then must not be left over
   */
  public record Finish(Content audio, Content manifest, long durationMs, int gaps, boolean inParts)
      implements TrackWish {
    public Finish {
      requireNonNull(audio, "audio");
      requireNonNull(manifest, "manifest");
      Ranges.requireAtLeast(0, durationMs, "durationMs");
      Ranges.requireAtLeast(0, gaps, "gaps");
    }
  }

  /** The track cannot be delivered, ever. */
  public record Abandon(String detail) implements TrackWish {
    public Abandon {
      requireMatch(DETAIL, detail, "detail");
    }
  }

  /**
   * What is expected at the store.
   *
   * @param length in bytes
   * @param sha256 of all of it, in base64
   * @param checksum what the store is to call its hash, if that is another: of an object in parts,
   *     that of the parts' hashes, a dash, and how many they are
   */
  public record Content(
      long length,
      String sha256,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String checksum) {
    public Content {
      Ranges.requireAtLeast(0, length, "length");
      requireMatch(HASH, sha256, "sha256");
      if (checksum != null) {
        requireMatch(CHECKSUM, checksum, "checksum");
      }
    }
  }

  /** A request to the store. */
  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = Put.class, name = "put"),
    @JsonSubTypes.Type(value = Create.class, name = "create"),
    @JsonSubTypes.Type(value = Part.class, name = "part"),
    @JsonSubTypes.Type(value = Parts.class, name = "parts"),
    @JsonSubTypes.Type(value = Complete.class, name = "complete"),
    @JsonSubTypes.Type(value = Abort.class, name = "abort")
  })
  public sealed interface Step permits Put, Create, Part, Parts, Complete, Abort {}

  /** Which of a track's two objects. */
  public enum File {
    AUDIO,
    MANIFEST
  }

  /** Writes one of the objects at once. */
  public record Put(File file, Content content) implements Step {
    public Put {
      requireNonNull(file, "file");
      requireNonNull(content, "content");
    }
  }

  /** Begins to write the audio in parts. */
  public record Create() implements Step {}

  /**
   * Writes a part.
   *
   * @param number from 1
   * @param sha256 in base64
   */
  public record Part(String uploadId, int number, String sha256) implements Step {
    public Part {
      requireMatch(UPLOAD_ID, uploadId, "uploadId");
      Ranges.requireBetween(1, PARTS_MAX, number, "number");
      requireMatch(HASH, sha256, "sha256");
    }
  }

  /**
   * Asks which parts there are.
   *
   * @param after only those with higher numbers; from 0
   */
  public record Parts(String uploadId, int after) implements Step {
    public Parts {
      requireMatch(UPLOAD_ID, uploadId, "uploadId");
      Ranges.requireBetween(0, PARTS_MAX, after, "after");
    }
  }

  /** Makes the object of its parts. */
  public record Complete(String uploadId) implements Step {
    public Complete {
      requireMatch(UPLOAD_ID, uploadId, "uploadId");
    }
  }

  /** Gives the parts up. */
  public record Abort(String uploadId) implements Step {
    public Abort {
      requireMatch(UPLOAD_ID, uploadId, "uploadId");
    }
  }

  private static void requireMatch(Pattern pattern, String value, String field) {
    if (!pattern.matcher(requireNonNull(value, field)).matches()) {
      throw new IllegalArgumentException(field + " must match " + pattern);
    }
  }
}
