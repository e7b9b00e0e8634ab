package dev.parley.media;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.Architectures.LayeredArchitecture;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import org.agrona.concurrent.Agent;
import org.junit.jupiter.api.Test;

/** The picture of {@code docs/ARCHITECTURE.md} as tests that fail. */
class ArchitectureTest {
  private static final String ROOT = "dev.parley.media";

  private static final JavaClasses CODE =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages(ROOT);

  /** See bytes and {@code nowNs} only. */
  private static final String[] PURE =
      packages(
          "packet", "stun", "rtp", "rtcp", "srtp", "jitter", "opus", "ogg", "mix", "speaker",
          "forward");

  /** Pure, or owned by one agent's thread. */
  private static final String[] SINGLE_WRITER =
      Stream.concat(Arrays.stream(PURE), Stream.of(ROOT + ".conference")).toArray(String[]::new);

  private static String[] packages(String... names) {
    return Arrays.stream(names).map(name -> ROOT + "." + name).toArray(String[]::new);
  }

  // Rule 1: who may import whom.

  @Test
  void packagesImportOnlyWhatTheTableAllows() {
    LayeredArchitecture table =
        layeredArchitecture().consideringOnlyDependenciesInLayers().withOptionalLayers(true);
    table = allow(table, "packet");
    table = allow(table, "stun");
    table = allow(table, "rtp", "packet");
    table = allow(table, "rtcp", "packet");
    table = allow(table, "srtp", "packet", "rtp", "rtcp");
    table = allow(table, "jitter", "packet", "rtp");
    table = allow(table, "opus");
    table = allow(table, "ogg");
    table = allow(table, "mix");
    table = allow(table, "speaker", "rtp");
    table = allow(table, "forward", "packet", "rtp", "speaker");
    table = allow(table, "ice", "packet", "stun", "srtp");
    table = allow(table, "dtls", "packet", "stun", "srtp");
    table = allow(table, "probe", "stun", "ice");
    table = allow(table, "sdp");
    table = allow(table, "transport", "packet", "stun", "rtp", "rtcp", "srtp", "ice", "dtls");
    table =
        allow(
            table,
            "conference",
            "packet",
            "rtp",
            "rtcp",
            "jitter",
            "opus",
            "mix",
            "speaker",
            "forward");
    table = allow(table, "control", "packet", "sdp", "transport", "conference");
    table = allow(table, "door", "packet", "ice");
    table = allow(table, "record", "packet", "opus", "ogg");
    table = allow(table, "upload", "record");
    table.layer("root").definedBy(ROOT).ensureAllClassesAreContainedInArchitecture().check(CODE);
  }

  private static LayeredArchitecture allow(
      LayeredArchitecture table, String name, String... imports) {
    LayeredArchitecture with = table.layer(name).definedBy(ROOT + "." + name);
    return imports.length == 0
        ? with.whereLayer(name).mayNotAccessAnyLayer()
        : with.whereLayer(name).mayOnlyAccessLayers(imports);
  }

  @Test
  void onlyControlTheDoorUploadsAndTheRootKnowWhatBothServicesShare() {
    noClasses()
        .that()
        .resideOutsideOfPackages(ROOT, ROOT + ".control", ROOT + ".door", ROOT + ".upload")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.parley.common..")
        .check(CODE);
  }

  // Rule 2.

  @Test
  void packagesHaveNoCycles() {
    slices().matching(ROOT + ".(**)").should().beFreeOfCycles().check(CODE);
  }

  // Rule 3.

  @Test
  void purePackagesSeeOnlyBytesAndNumbers() {
    classes()
        .that()
        .resideInAnyPackage(PURE)
        .and()
        .resideOutsideOfPackages(ROOT + ".srtp", ROOT + ".opus")
        .should()
        .onlyDependOnClassesThat(seenBesides())
        .check(CODE);
  }

  @Test
  void srtpSeesItsLibraryToo() {
    classes()
        .that()
        .resideInAPackage(ROOT + ".srtp")
        .and()
        // The library's own logger type, silenced: its methods name java.util.logging.
        .doNotHaveSimpleName("SilentLogger")
        .should()
        // Reflection: once, at start, to give the library our cipher factory.
        .onlyDependOnClassesThat(
            seenBesides("org.jitsi.srtp..", "org.jitsi.utils..", "java.lang.reflect"))
        .check(CODE);
  }

  @Test
  void opusSeesItsLibrariesAndWhereTheyLie() {
    classes()
        .that()
        .resideInAPackage(ROOT + ".opus")
        .should()
        .onlyDependOnClassesThat(seenBesides("io.github.jaredmdobson.concentus..", "java.nio.file"))
        .check(CODE);
  }

  private static DescribedPredicate<JavaClass> seenBesides(String... more) {
    return resideInAnyPackage(
            concat(
                concat(PURE, more),
                "java.lang",
                "java.lang.invoke",
                "java.lang.foreign",
                "java.util",
                "java.nio",
                "java.nio.charset",
                "javax.crypto",
                "javax.crypto.spec",
                "java.security",
                "java.security.spec",
                "org.agrona",
                "org.agrona.collections",
                "org.agrona.concurrent",
                "org.agrona.concurrent.ringbuffer",
                "org.jspecify.annotations"))
        .or(isPrimitiveOrArray());
  }

  private static DescribedPredicate<JavaClass> isPrimitiveOrArray() {
    return DescribedPredicate.describe(
        "primitives and their arrays",
        type -> type.isPrimitive() || type.isArray() && type.getBaseComponentType().isPrimitive());
  }

  private static String[] concat(String[] first, String... second) {
    return Stream.concat(Arrays.stream(first), Arrays.stream(second)).toArray(String[]::new);
  }

  // Rule 4.

  @Test
  void onlyTransportKnowsNetty() {
    noClasses()
        .that()
        .resideOutsideOfPackages(ROOT + ".transport", ROOT + ".control", ROOT)
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.netty..")
        .check(CODE);
  }

  // Rule 5.

  @Test
  void onlyTheContextReadsClocks() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName(ROOT + ".MediaServerContext")
        .should()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(Instant.class, "now")
        .orShould()
        .callMethod(Clock.class, "systemUTC")
        .check(CODE);
  }

  // Rule 6: what Checkstyle does not see of the single-writer rule.

  @Test
  void singleWritersNeedNoLocks() {
    methods()
        .that()
        .areDeclaredInClassesThat()
        .resideInAnyPackage(SINGLE_WRITER)
        .should()
        .notHaveModifier(JavaModifier.SYNCHRONIZED)
        .check(CODE);
    fields()
        .that()
        .areDeclaredInClassesThat()
        .resideInAnyPackage(SINGLE_WRITER)
        .and()
        // Where event loops learn whether an agent can wait; PromptnessStress proves it.
        .doNotHaveFullName(ROOT + ".conference.Promptness.isPrompt")
        .and()
        // How one agent hands a conference to another; ConferenceMoveStress proves it.
        .doNotHaveFullName(ROOT + ".conference.ConferenceMove.stage")
        .should()
        .notHaveModifier(JavaModifier.VOLATILE)
        .andShould()
        .notHaveRawType(resideInAnyPackage("java.util.concurrent.."))
        .check(CODE);
  }

  // Rule 7.

  @Test
  void hotPathHasNoStreamsOptionalsFormatsOrLogs() {
    noClasses()
        .that()
        .resideInAnyPackage(concat(SINGLE_WRITER, ROOT + ".transport"))
        .and()
        // The symbol lookup of the foreign-function API speaks Optional; both run once, at start.
        .doNotHaveSimpleName("LibopusFunctions")
        .and()
        .doNotHaveSimpleName("LibopusLibrary")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("java.util.stream..")
        .orShould()
        .dependOnClassesThat()
        .belongToAnyOf(Optional.class)
        .orShould()
        .callMethod(String.class, "format", String.class, Object[].class)
        .orShould()
        .dependOnClassesThat()
        .resideInAPackage("org.slf4j..")
        .check(CODE);
  }

  // Rule 8.

  @Test
  void staticFieldsAreFinal() {
    fields().that().areStatic().should().beFinal().check(CODE);
  }

  // Rule 9.

  @Test
  void namesSayWhatThingsAre() {
    classes()
        .that()
        .implement(Agent.class)
        .should()
        .haveSimpleNameEndingWith("Agent")
        .allowEmptyShould(true)
        .check(CODE);
    noClasses()
        .that(not(JavaClass.Predicates.simpleName("package-info")))
        .should()
        .haveNameMatching(".*(Utils?|Helper|Manager|Impl)(\\$.*)?")
        .check(CODE);
  }
}
