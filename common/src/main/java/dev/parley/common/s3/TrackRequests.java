package dev.parley.common.s3;

import dev.parley.common.control.UploadAnswer;
import dev.parley.common.control.UploadAnswer.StoreRequest;
import dev.parley.common.control.UploadRequest;
import dev.parley.common.control.UploadRequest.Content;
import dev.parley.common.control.UploadRequest.File;
import java.util.ArrayList;
import java.util.List;

/**
 * The requests by which the two objects of a recording's track come to their store, the same
 * whoever signs them. Stateless.
 */
public final class TrackRequests {
  /** The media type of a track's sound (RFC 7845, section 9). */
  public static final String AUDIO_TYPE = "audio/ogg; codecs=opus";

  /** The media type of what is told of it. */
  public static final String MANIFEST_TYPE = "application/json";

  /** Headers that every client says by itself. */
  private static final String LENGTH = "content-length";

  private TrackRequests() {}

  /** Which of the two objects a step is about. */
  public static File file(UploadRequest.Step step) {
    return step instanceof UploadRequest.Put(File file, _) ? file : File.AUDIO;
  }

  /**
   * Returns what a step asks of the store.
   *
   * @param key of the step's object
   */
  public static UrlRequest of(UploadRequest.Step step, String key) {
    return switch (step) {
      case UploadRequest.Put(File file, Content content) ->
          UrlRequest.put(
              key,
              content.length(),
              file == File.AUDIO ? AUDIO_TYPE : MANIFEST_TYPE,
              content.sha256());
      case UploadRequest.Create _ -> UrlRequest.create(key, AUDIO_TYPE);
      case UploadRequest.Part(String uploadId, int number, String sha256) ->
          UrlRequest.part(key, uploadId, number, sha256);
      case UploadRequest.Parts(String uploadId, int after) ->
          UrlRequest.parts(key, uploadId, after);
      case UploadRequest.Complete(String uploadId) -> UrlRequest.complete(key, uploadId);
      case UploadRequest.Abort(String uploadId) -> UrlRequest.abort(key, uploadId);
    };
  }

  /** Returns a request with the headers to send, whose URL has been signed. */
  public static StoreRequest signed(UrlRequest request, String url) {
    List<UploadAnswer.Header> headers = new ArrayList<>();
    for (UrlRequest.Field header : request.headers()) {
      if (!header.name().equals(LENGTH)) {
        headers.add(new UploadAnswer.Header(header.name(), header.value()));
      }
    }
    return new StoreRequest(request.method().name(), url, headers);
  }
}
