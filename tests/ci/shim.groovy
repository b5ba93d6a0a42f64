// Runs a declarative Jenkinsfile without Jenkins: stages in order, parallel ones one after the other, sh in bash's -e,
// stash and unstash through a folder, when and post as far as the generated files use them. Agents, plugins, the
// scheduler and the question of `input` are not there: a stage that would ask is entered, and says so.
import groovy.transform.Field

@Field File state = new File(System.getenv('STANDIN_STATE'))
@Field File workspace = null
@Field Map env = new LinkedHashMap(System.getenv())
@Field Map params = [:]
@Field boolean failed = false
@Field int count = 0
@Field scm = 'scm'

System.properties.each { key, value ->
  if (key.startsWith('param.')) {
    String name = key.substring(6)
    params[name] = value in ['true', 'false'] ? value.toBoolean() : value
    env[name] = value
  }
}

class Failure extends RuntimeException {
  Failure(String told) { super(told) }
}

class Block {
  Map parts = [:].withDefault { [] }
  def owner
  def methodMissing(String name, arguments) { parts[name] << (arguments as List) }
  def propertyMissing(String name) { name in ['none', 'any'] ? name : owner."$name" }
}

Block read(Closure body) {
  Block block = new Block(owner: this)
  body.delegate = block
  body.resolveStrategy = Closure.DELEGATE_FIRST
  body()
  return block
}

boolean allowed(List whens) {
  whens.every { arguments ->
    Block when = read(arguments[0])
    def met = { Block one ->
      one.parts['branch'].collect { env['BRANCH_NAME'] == it[0] } +
      one.parts['expression'].collect { list -> perform(list[0]) as boolean } +
      one.parts['changeset'].collect { list -> (env['CHANGED'] ?: '').split('\n').any { path -> matches(path, list[0]) } }
    }
    def any = when.parts['anyOf'].collect { list -> met(read(list[0])).any { it } }
    (met(when) + any).every { it }
  }
}

boolean matches(String path, String pattern) {
  path ==~ pattern.replace('.', '\\.').replace('**', '\0').replace('*', '[^/]*').replace('\0', '.*')
}

void stage(List arguments) {
  String name = arguments[0]
  Block block = read(arguments[1])
  if (!allowed(block.parts['when'])) {
    println "stage ${name}: skipped"
    return
  }
  if (block.parts['parallel'] || block.parts['stages']) {
    List problems = []
    boolean apart = !block.parts['parallel'].isEmpty()
    (block.parts['parallel'] + block.parts['stages']).each { list ->
      read(list[0]).parts['stage'].each { inner ->
        try { stage(inner) } catch (Failure problem) { if (!apart) throw problem; problems << problem }
      }
    }
    if (problems) { throw problems[0] }
    return
  }
  block.parts['input'].each { println "stage ${name}: would ask a person first" }
  println "stage ${name}: started"
  count += 1
  workspace = new File(state, "workspace-${count}")
  workspace.mkdirs()
  env['WORKSPACE'] = workspace.path
  Map before = new LinkedHashMap(env)
  try {
    block.parts['environment'].each { setVariables(it[0]) }
    perform(block.parts['steps'][0][0])
    println "stage ${name}: succeeded"
  } catch (Failure problem) {
    println "stage ${name}: failed (${problem.message})"
    throw problem
  } finally {
    block.parts['post'].each { list -> read(list[0]).parts['always'].each { perform(it[0]) } }
    env = before
  }
}

def perform(Closure body) {
  body.delegate = this
  body.resolveStrategy = Closure.DELEGATE_FIRST
  body()
}

void setVariables(Closure body) {
  body.delegate = new VariableTarget(variables: env)
  body.resolveStrategy = Closure.DELEGATE_FIRST
  body()
}

class VariableTarget {
  Map variables
  void setProperty(String name, value) { if (name == 'variables') { this.@variables = value } else { this.@variables[name] = value as String } }
  String credentials(String id) { '' }
}

int bash(String script) {
  ProcessBuilder builder = new ProcessBuilder('bash', '-xe', '-c', script).directory(workspace).redirectErrorStream(true)
  builder.environment().clear()
  builder.environment().putAll(env.findAll { it.value != null }.collectEntries { key, value -> [(key as String): value as String] })
  Process process = builder.start()
  process.inputStream.eachLine { println it }
  return process.waitFor()
}

void sh(Map arguments) {
  println "step ${arguments.label}"
  int code = bash(arguments.script)
  if (code) { throw new Failure("${arguments.label}: exit ${code}") }
}

void sh(String script) { sh(label: script, script: script) }

void withEnv(List pairs, Closure body) {
  Map before = new LinkedHashMap(env)
  pairs.each { pair ->
    def (key, value) = pair.toString().split('=', 2)
    if (key.startsWith('PATH+')) { env['PATH'] = value + ':' + env['PATH'] } else { env[key] = value }
  }
  try { perform(body) } finally { env = before }
}

void deleteDir() { workspace.deleteDir(); workspace.mkdirs() }

void checkout(what) {
  if (bash("git clone -q '${System.getProperty('user.dir')}' .")) { throw new Failure('checkout') }
}

void stash(Map arguments) {
  List roots = arguments.includes.split(',').collect { it.replace('/**', '') }.findAll { new File(workspace, it).exists() }
  if (!roots && !arguments.allowEmpty) { throw new Failure("stash ${arguments.name}: nothing there") }
  if (roots) { bash("tar -cf '${new File(state, arguments.name + '.tar')}' ${roots.join(' ')}") }
}

void unstash(String name) {
  File archive = new File(state, "${name}.tar")
  if (!archive.exists()) { throw new Failure("unstash ${name}: nothing there") }
  bash("tar -xf '${archive}'")
}

void archiveArtifacts(Map arguments) { println "would keep ${arguments.artifacts}" }

void script(Closure body) { perform(body) }

void pipeline(Closure body) {
  Block block = read(body)
  block.parts['environment'].each { setVariables(it[0]) }
  try {
    block.parts['stages'].each { list -> read(list[0]).parts['stage'].each { stage(it) } }
  } catch (Failure problem) {
    println "pipeline: failed (${problem.message})"
    System.exit(1)
  }
  println 'pipeline: succeeded'
}

Script file = new GroovyShell(this.class.classLoader, new Binding([env: env, params: params, scm: scm])).parse(new File(args[0]))
def shim = this
file.metaClass.pipeline = { Closure body -> shim.pipeline(body) }
file.run()
