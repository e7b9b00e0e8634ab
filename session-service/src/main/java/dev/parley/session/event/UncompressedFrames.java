package dev.parley.session.event;

import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;

/**
 * Takes a client's wish for permessage-deflate (RFC 7692) out of its request. Browsers always ask
 * for it; granted, each socket would hold a compressor of about 300 KiB outside the heap, for
 * frames of a few hundred bytes.
 */
public final class UncompressedFrames implements HttpConfiguration.Customizer {
  @Override
  public Request customize(Request request, HttpFields.Mutable responseHeaders) {
    if (!request.getHeaders().contains(HttpHeader.SEC_WEBSOCKET_EXTENSIONS)) {
      return request;
    }
    HttpFields.Mutable kept = HttpFields.build();
    for (HttpField field : request.getHeaders()) {
      if (field.getHeader() != HttpHeader.SEC_WEBSOCKET_EXTENSIONS) {
        kept.add(field);
      }
    }
    HttpFields headers = kept.asImmutable();
    return new Request.Wrapper(request) {
      @Override
      public HttpFields getHeaders() {
        return headers;
      }
    };
  }
}
