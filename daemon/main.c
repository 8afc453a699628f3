// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "app.h"
#include "base/log.h"
#include "base/str.h"
#include "base/version.h"
#include "config/config.h"
#include "config/overlay.h"
#include "control/store_file.h"
#include "input/inputs.h"

#define MAPPED_BYTES (128 * 1024)
#define CONFIG_PATH "/etc/diuna/diuna.json"

enum log_target {
	LOG_TO_AUTO,
	LOG_TO_TERMINAL,
	LOG_TO_JOURNAL,
};

struct options {
	const char *config;
	bool check, print, print_defaults, list_inputs;
	bool debug_hang;
	int preview_fd;
	const char *preview;
	int port;	   /* -1: as configured */
	const char *state; /* NULL: as configured, or systemd's folder */
	enum log_target log;
};

enum option_code {
	OPTION_CONFIG = 'c',
	OPTION_CHECK = 'k',
	OPTION_DEBUG_HANG = 'd',
	OPTION_HELP = 'h',
	OPTION_LIST_INPUTS = 'i',
	OPTION_LOG = 'l',
	OPTION_PORT = 'p',
	OPTION_PREVIEW = 'v',
	OPTION_PREVIEW_FD = 'f',
	OPTION_PRINT_CONFIG = 'P',
	OPTION_PRINT_DEFAULTS = 'D',
	OPTION_STATE = 's',
	OPTION_VERSION = 'V',
};

static const struct option long_options[] = {
	{ "config", required_argument, NULL, OPTION_CONFIG },
	{ "check", required_argument, NULL, OPTION_CHECK },
	{ "print-config", required_argument, NULL, OPTION_PRINT_CONFIG },
	{ "print-defaults", no_argument, NULL, OPTION_PRINT_DEFAULTS },
	{ "debug-hang", no_argument, NULL, OPTION_DEBUG_HANG },
	{ "preview", required_argument, NULL, OPTION_PREVIEW },
	{ "preview-fd", required_argument, NULL, OPTION_PREVIEW_FD },
	{ "port", required_argument, NULL, OPTION_PORT },
	{ "state", required_argument, NULL, OPTION_STATE },
	{ "list-inputs", no_argument, NULL, OPTION_LIST_INPUTS },
	{ "log", required_argument, NULL, OPTION_LOG },
	{ "help", no_argument, NULL, OPTION_HELP },
	{ "version", no_argument, NULL, OPTION_VERSION },
	{ NULL, 0, NULL, 0 },
};

static const char help[] =
	"Usage: diunad [OPTION]...\n"
	"Drives LED strips: effects, transitions and an HTTP API.\n"
	"\n"
	"  --config FILE      configuration, " CONFIG_PATH " if not given\n"
	"  --check FILE       only check a configuration: says ok, or where it is wrong\n"
	"  --print-config FILE\n"
	"                     print a configuration whole, with what it includes and its defaults\n"
	"  --print-defaults   print what is so if a configuration does not say it\n"
	"  --list-inputs      list GPIO lines, keyboards and the actions to bind them to\n"
	"  --port N           port of the API instead of the configured one, 0: any free one\n"
	"  --state FILE       where the state is kept over a restart, none: nowhere; if not\n"
	"                     configured either, state.json in systemd's StateDirectory=\n"
	"  --log TARGET       terminal, journal, or auto (journal under systemd)\n"
	"  --preview FIFO     copy the frames of the first virtual output into a FIFO\n"
	"  --preview-fd N     the same into an open file descriptor, a pipe\n"
	"  --debug-hang       let SIGUSR2 make the light loop hang for ever, to see a watchdog "
	"act\n"
	"  --help, --version\n"
	"\n"
	"SIGHUP reads the configuration again: frame rate, transitions, log level, bindings,\n"
	"names and enabled of zones, and as a rule their places, change at once, all else at\n"
	"the next start; a wrong one changes nothing.\n"
	"SIGTERM, SIGINT or SIGQUIT fades out and ends; a second one ends at once.\n"
	"Exit codes: 0 ended as told, 1 failed, 64 wrong usage, 78 wrong configuration.\n";

static bool read_number(const char *text, long max, int *ret_number)
{
	char *end;
	long number;

	errno = 0;
	number = strtol(text, &end, 10);
	if (errno || end == text || *end || number < 0 || number > max)
		return false;
	*ret_number = (int)number;
	return true;
}

static int wrong_usage(const char *option, const char *value, const char *allowed)
{
	fprintf(stderr, "diunad: %s %s is not allowed, only %s\ndiunad: --help tells more\n",
		option, value, allowed);
	return EX_USAGE;
}

/* Return: -1 to go on, else the exit code. */
static int read_options(int argc, char **argv, struct options *options)
{
	int code;

	while ((code = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
		switch (code) {
		case OPTION_CHECK:
			options->check = true;
			options->config = optarg;
			break;
		case OPTION_PRINT_CONFIG:
			options->print = true;
			options->config = optarg;
			break;
		case OPTION_PRINT_DEFAULTS:
			options->print_defaults = true;
			break;
		case OPTION_DEBUG_HANG:
			options->debug_hang = true;
			break;
		case OPTION_LIST_INPUTS:
			options->list_inputs = true;
			break;
		case OPTION_CONFIG:
			options->config = optarg;
			break;
		case OPTION_PREVIEW:
			options->preview = optarg;
			break;
		case OPTION_PREVIEW_FD:
			if (!read_number(optarg, INT32_MAX, &options->preview_fd))
				return wrong_usage("--preview-fd", optarg, "an open descriptor");
			break;
		case OPTION_PORT:
			if (!read_number(optarg, UINT16_MAX, &options->port))
				return wrong_usage("--port", optarg, "0 to 65535");
			break;
		case OPTION_STATE:
			if (!*optarg || strlen(optarg) >= STORE_PATH_MAX)
				return wrong_usage("--state", optarg, "a path, or none");
			options->state = optarg;
			break;
		case OPTION_LOG:
			if (!strcmp(optarg, "terminal"))
				options->log = LOG_TO_TERMINAL;
			else if (!strcmp(optarg, "journal"))
				options->log = LOG_TO_JOURNAL;
			else if (strcmp(optarg, "auto"))
				return wrong_usage("--log", optarg, "terminal, journal or auto");
			break;
		case OPTION_HELP:
			fputs(help, stdout);
			return EXIT_SUCCESS;
		case OPTION_VERSION:
			puts("diunad " DIUNA_VERSION);
			return EXIT_SUCCESS;
		default:
			fprintf(stderr, "diunad: --help tells what there is\n");
			return EX_USAGE;
		}
	}
	if (optind < argc)
		return wrong_usage("the argument", argv[optind], "options");
	if (options->preview && options->preview_fd >= 0)
		return wrong_usage("--preview", options->preview, "without --preview-fd");
	return -1;
}

/* systemd says by JOURNAL_STREAM which file standard error was when it started us. */
static bool stderr_is_journal(void)
{
	const char *stream = getenv("JOURNAL_STREAM");
	unsigned long long device, inode;
	struct stat stat;

	return stream && sscanf(stream, "%llu:%llu", &device, &inode) == 2 &&
	       fstat(STDERR_FILENO, &stat) == 0 && stat.st_dev == device && stat.st_ino == inode;
}

static bool has_virtual_output(const struct config *config)
{
	size_t i;

	for (i = 0; i < config->output_count; i++) {
		if (config->output[i].type == CONFIG_OUTPUT_VIRTUAL)
			return true;
	}
	return false;
}

/* NULL, or what is wrong with the preview. */
static const char *open_preview(struct options *options, const struct config *config)
{
	struct stat stat;

	if (!options->preview && options->preview_fd < 0)
		return NULL;
	/* Also for reading: so it opens without a viewer and is never a broken pipe. */
	if (options->preview)
		options->preview_fd = open(options->preview, O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (options->preview_fd < 0 || fstat(options->preview_fd, &stat) < 0 ||
	    fcntl(options->preview_fd, F_SETFD, FD_CLOEXEC) < 0)
		return strerror(errno);
	if (!S_ISFIFO(stat.st_mode))
		return "not a pipe or FIFO";
	if (!has_virtual_output(config))
		return "the configuration has no virtual output";
	return NULL;
}

/* What the daemon opens must not become 0, 1 or 2, where a log line would be written into it. */
static bool open_standard_streams(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDWR);
	while (fd >= 0 && fd < STDERR_FILENO);
	if (fd > STDERR_FILENO)
		close(fd);
	return fd >= 0;
}

static void set_port(const struct options *options, struct config *config)
{
	if (options->port >= 0)
		config->api.port = (uint16_t)options->port;
}

/* A configuration with what the command line says instead. */
static int load(void *data, struct config **ret_config, struct config_document **ret_document,
		char error[CONFIG_ERROR_MAX])
{
	const struct options *options = data;
	int ret = overlay_load(options->config, options->state, false, ret_config, ret_document,
			       error);

	if (ret >= 0)
		set_port(options, *ret_config);
	return ret;
}

static int change(void *data, struct config_change *wanted, struct config **ret_config,
		  struct config_document **ret_document)
{
	const struct options *options = data;
	int ret = overlay_change(options->config, options->state, wanted, ret_config, ret_document);

	if (ret >= 0)
		set_port(options, *ret_config);
	return ret;
}

/*
 * What would end the daemon without the light going out first. A viewer or client that goes away,
 * or a file that is too large, is an error of a write; the others mean nothing here. Programs that
 * are started have them as usual.
 */
static void ignore_signals(void)
{
	static const int signals[] = { SIGPIPE, SIGXFSZ,   SIGUSR1, SIGUSR2, SIGALRM,
				       SIGPROF, SIGVTALRM, SIGIO,   SIGPWR,  SIGSTKFLT };
	size_t i;
	int signo;

	for (i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		signal(signals[i], SIG_IGN);
	for (signo = SIGRTMIN; signo <= SIGRTMAX; signo++)
		signal(signo, SIG_IGN);
	/* who started us may have ignored it: then nobody could be asked how a program ended */
	signal(SIGCHLD, SIG_DFL);
}

static int run(struct options *options, struct config *config, struct config_document *document)
{
	struct app_options app = { .config = config,
				   .document = document,
				   .load = load,
				   .change = change,
				   .load_data = options };
	const char *wrong;
	unsigned int i;
	int ret;

	wrong = open_preview(options, config);
	if (wrong) {
		fprintf(stderr, "diunad: preview: %s\n", wrong);
		return EXIT_FAILURE;
	}
	app.preview_fd = options->preview_fd;
	app.debug_hang = options->debug_hang;

	ignore_signals();
	for (i = 0; i < LOG_CATEGORIES; i++)
		log_set_level(i, config->log_level);
	ret = log_start(options->log == LOG_TO_JOURNAL ||
			(options->log == LOG_TO_AUTO && stderr_is_journal()));
	if (ret < 0) {
		fprintf(stderr, "diunad: log: %s\n", strerror(-ret));
		return EXIT_FAILURE;
	}
	if (!geteuid())
		log_warning(LOG_SYSTEM, 0, "running as root; a user in the group leds is enough");
	if (document->ignored[0])
		log_error(LOG_CONFIG, 0, "what was changed over HTTP is not used: %s",
			  document->ignored);
	ret = app_run(&app);
	log_stop();
	return ret;
}

/* @config NULL: the defaults. */
static int print(const struct config *config)
{
	char *text = config_text(config);
	int ret = text && puts(text) >= 0 && fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;

	if (ret != EXIT_SUCCESS)
		fprintf(stderr, "diunad: %s\n", strerror(text ? errno : ENOMEM));
	free(text);
	return ret;
}

int main(int argc, char **argv)
{
	struct options options = { .config = CONFIG_PATH, .preview_fd = -1, .port = -1 };
	struct config_document *document = NULL;
	char error[CONFIG_ERROR_MAX];
	struct config *config;
	int ret;

	/*
	 * What is larger is mapped by itself: pages that nobody writes to take no memory, and are
	 * gone when freed. Unset, the first large buffer that is freed moves all later ones into
	 * the heap, where they are cleared by hand.
	 */
	mallopt(M_MMAP_THRESHOLD, MAPPED_BYTES);
	if (!open_standard_streams())
		return EXIT_FAILURE;
	ret = read_options(argc, argv, &options);
	if (ret >= 0)
		return ret;
	if (options.list_inputs) {
		inputs_list();
		return fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
	}
	if (options.print_defaults)
		return print(NULL);
	if (options.check || options.print)
		ret = config_load(options.config, &config, error);
	else
		ret = overlay_load(options.config, options.state, true, &config, &document, error);
	if (ret < 0) {
		fprintf(stderr, "%s\n", error);
		return EX_CONFIG;
	}
	if (options.check) {
		puts("ok");
		ret = EXIT_SUCCESS;
	} else if (options.print) {
		ret = print(config);
	} else {
		set_port(&options, config);
		ret = run(&options, config, document);
	}
	config_free(config);
	return ret;
}
