-- nothing here
/* nor here */ ;;
