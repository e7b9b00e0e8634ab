package dev.parley.session.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.session.harness.ApiClient;
import dev.parley.session.harness.EventsClient;
import dev.parley.session.harness.RunningService;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Messages, through the HTTP door and the events socket, with a real store. */
final class MessageApiIT {
  @TempDir static Path folder;
  static RunningService service;
  static ApiClient client;
  static String key;

  @BeforeAll
  static void start() {
    service = new RunningService(folder);
    client = service.client();
    key = service.key();
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  @BeforeEach
  void letQuotasRefill() {
    service.clock().advance(Duration.ofSeconds(1));
  }

  @Test
  void messageIsNumberedKeptAndTold() throws Exception {
    Call call = new Call();
    Person ana = call.enter("ana");
    EventsClient events = call.watch(ana);
    events.next("welcome");

    JsonNode first = call.send(ana, "Hello").expect(201).json();
    client.post(call.messages(), key, "{\"text\":\"from us\"}").expect(201);

    assertThat(first.path("sequence").asLong()).isEqualTo(1);
    assertThat(first.at("/sender/id").asText()).isEqualTo(ana.id());
    assertThat(first.at("/sender/identity").asText()).isEqualTo("ana");
    JsonNode told = events.next("message");
    assertThat(told.path("seq").asLong()).isPositive();
    assertThat(told.path("data")).isEqualTo(first);
    JsonNode ours = events.next("message").path("data");
    assertThat(ours.path("sequence").asLong()).isEqualTo(2);
    assertThat(ours.has("sender")).isFalse();
    assertThat(client.get(call.messages(), ana.token()).expect(200).json().path("data"))
        .containsExactly(first, ours);
  }

  @Test
  void socketAnswersWhenTheMessageIsKept() throws Exception {
    Call call = new Call();
    Person ana = call.enter("ana");
    EventsClient events = call.watch(ana);
    events.next("welcome");
    String send =
        "{\"type\":\"message.send\",\"cid\":\"c1\",\"data\":{\"text\":\"line\\n\\u00e9\"}}";

    events.says(send);
    JsonNode ack = events.next("ack");
    // The answer was lost, so the client sends it again: by any door.
    events.says(send);
    JsonNode again = events.next("ack");
    ApiClient.Reply posted =
        client.post(
            call.messages(), ana.token(), "{\"text\":\"line\\né\"}", "Idempotency-Key", "c1");

    assertThat(ack.path("cid").asText()).isEqualTo("c1");
    assertThat(ack.at("/data/sequence").asLong()).isEqualTo(1);
    assertThat(again).isEqualTo(ack);
    assertThat(posted.expect(201).json().path("sequence").asLong()).isEqualTo(1);
    assertThat(posted.header("Idempotency-Replayed")).isEqualTo("true");
    assertThat(call.texts(key)).containsExactly("line\né");
    client
        .post(call.messages(), ana.token(), "{\"text\":\"other\"}", "Idempotency-Key", "c1")
        .expect(422, "idempotency-key-reused");
  }

  @Test
  void socketSaysWhyAMessageWasNotSent() throws Exception {
    Call call = new Call();
    Person ana = call.enter("ana");
    Person mute = call.enter("{\"identity\":\"mute\",\"grants\":{\"chat\":false}}", "mute");
    EventsClient hers = call.watch(ana);
    EventsClient his = call.watch(mute);

    his.says("{\"type\":\"message.send\",\"cid\":\"m\",\"data\":{\"text\":\"x\"}}");
    hers.says(
        "{\"type\":\"message.send\",\"cid\":\"long\",\"data\":{\"text\":\""
            + "é".repeat(2049)
            + "\"}}");

    assertThat(his.next("refused").at("/data/code").asText()).isEqualTo("grant-missing");
    JsonNode tooLong = hers.next("refused");
    assertThat(tooLong.path("cid").asText()).isEqualTo("long");
    assertThat(tooLong.at("/data/code").asText()).isEqualTo("invalid");
    for (int i = 0; i < 11; i++) {
      hers.says("{\"type\":\"message.send\",\"cid\":\"" + i + "\",\"data\":{\"text\":\"x\"}}");
    }
    JsonNode tooMany = hers.next("refused");
    assertThat(tooMany.at("/data/code").asText()).isEqualTo("quota-exceeded");
    assertThat(tooMany.at("/data/retryAfterSec").asInt()).isPositive();
    client.delete(call.path() + "/participants/" + ana.id(), key).expect(204);
    service.clock().advance(Duration.ofSeconds(2));
    hers.says("{\"type\":\"message.send\",\"cid\":\"late\",\"data\":{\"text\":\"x\"}}");
    assertThat(hers.next("refused").at("/data/code").asText()).isEqualTo("not-joined");
  }

  @Test
  void onlyWhoIsThereWithTheGrantMaySendAndRead() {
    Call call = new Call();
    String outside = service.tokenFor(call.id, "outside");
    Person mute = call.enter("{\"identity\":\"mute\",\"grants\":{\"chat\":false}}", "mute");
    Person ana = call.enter("ana");

    client.post(call.messages(), outside, "{\"text\":\"x\"}").expect(403, "not-joined");
    client.get(call.messages(), outside).expect(403, "not-joined");
    client.post(call.messages(), mute.token(), "{\"text\":\"x\"}").expect(403, "grant-missing");
    client.get(call.messages(), mute.token()).expect(403, "grant-missing");
    call.send(ana, "kept").expect(201);
    client.delete(call.path(), key).expect(200);

    client.post(call.messages(), key, "{\"text\":\"x\"}").expect(410, "ended");
    assertThat(call.texts(key)).containsExactly("kept");
  }

  @Test
  void bodiesAreChecked() {
    Call call = new Call();
    Person ana = call.enter("ana");

    call.send(ana, "x".repeat(4096)).expect(201);
    call.send(ana, "x".repeat(4097)).expect(422, "invalid");
    call.send(ana, "é".repeat(2049)).expect(422, "invalid");
    client.post(call.messages(), ana.token(), "{}").expect(422, "invalid");
    client.post(call.messages(), ana.token(), "{\"text\":\"\"}").expect(422, "invalid");
    client.get(call.messages() + "?order=loud", ana.token()).expect(422, "invalid");
    client.get(call.messages() + "?cursor=x", ana.token()).expect(400, "cursor-invalid");
  }

  @Test
  void elevenInASecondAreOneTooMany() {
    Call call = new Call();
    Person ana = call.enter("ana");
    Person ben = call.enter("ben");

    for (int i = 0; i < 10; i++) {
      call.send(ana, "m" + i).expect(201);
    }
    ApiClient.Reply refused = call.send(ana, "m10").expect(429, "quota-exceeded");

    assertThat(Integer.parseInt(refused.header("Retry-After"))).isPositive();
    call.send(ben, "others may").expect(201);
  }

  @Test
  void pagesGoBothWays() {
    Call call = new Call();
    List<String> sent = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      service.clock().advance(Duration.ofSeconds(1));
      client.post(call.messages(), key, "{\"text\":\"m" + i + "\"}").expect(201);
      sent.add("m" + i);
    }

    assertThat(call.pages("?limit=3")).containsExactlyElementsOf(sent);
    assertThat(call.pages("?limit=3&order=newest")).containsExactlyElementsOf(sent.reversed());
    assertThat(call.pages("?limit=2&after=4")).containsExactly("m4", "m5", "m6");
    assertThat(call.pages("?limit=2&after=5&order=newest")).containsExactly("m6", "m5");
    assertThat(call.pages("?after=7")).isEmpty();
  }

  @Test
  void manyAtOnceAreNumberedWithoutAGapAndRepeatedOnceEach() throws Exception {
    Call call = new Call();
    List<Person> people = IntStream.range(0, 12).mapToObj(i -> call.enter("p" + i)).toList();
    List<Future<Long>> sequences = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Person person : people) {
        for (int i = 0; i < 8; i++) {
          // Each is asked for twice, at the same time.
          String name = "c" + i / 2;
          sequences.add(
              threads.submit(() ->
                  client
                      .post(
                          call.messages(),
                          person.token(),
                          "{\"text\":\"" + name + "\"}",
                          "Idempotency-Key",
                          name)
                      .expect(201)
                      .json()
                      .path("sequence")
                      .asLong()));
        }
      }
    }

    List<Long> numbers = new ArrayList<>();
    for (Future<Long> sequence : sequences) {
      numbers.add(sequence.get());
    }
    assertThat(numbers.stream().distinct().sorted())
        .containsExactlyElementsOf(LongStream.rangeClosed(1, 12 * 4).boxed().toList());
    assertThat(call.texts(key)).hasSize(12 * 4);
  }

  /** Somebody in a call. */
  private record Person(String id, String token, String ticket) {}

  /** One conference. */
  private static final class Call {
    final String id = service.conference("{}");

    String path() {
      return "/v1/conferences/" + id;
    }

    String messages() {
      return path() + "/messages";
    }

    Person enter(String identity) {
      return enter("{\"identity\":\"" + identity + "\"}", identity);
    }

    Person enter(String grant, String name) {
      String token = service.token(id, grant);
      JsonNode joined =
          client
              .post(path() + "/participants", token, "{\"name\":\"" + name + "\"}")
              .expect(201)
              .json();
      return new Person(joined.path("id").asText(), token, joined.at("/media/ticket").asText());
    }

    EventsClient watch(Person person) {
      return EventsClient.connect(service.httpPort(), id, person.ticket(), -1);
    }

    ApiClient.Reply send(Person person, String text) {
      return client.post(messages(), person.token(), "{\"text\":\"" + text + "\"}");
    }

    List<String> texts(String credential) {
      return client
          .get(messages(), credential)
          .expect(200)
          .json()
          .path("data")
          .findValuesAsText("text");
    }

    List<String> pages(String query) {
      List<String> texts = new ArrayList<>();
      String next = messages() + query;
      while (next != null) {
        ApiClient.Reply page = client.get(next, key).expect(200);
        texts.addAll(page.json().path("data").findValuesAsText("text"));
        String link = page.headers().firstValue("Link").orElse(null);
        next = link == null ? null : link.substring(1, link.indexOf('>'));
      }
      return texts;
    }
  }
}
